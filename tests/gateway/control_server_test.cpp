// SPDX-License-Identifier: Apache-2.0
// A server and its clients on one loop, over a unix socket in the test's own folder.
#include "gateway/web/server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "gateway/base/time.hpp"

namespace busbar::gateway {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using asio::local::stream_protocol;
using boost::system::error_code;
using testing::HasSubstr;
using testing::StartsWith;

/// Sends bytes and collects what comes back.
class Client {
  public:
    Client(asio::io_context& loop, const std::string& path) : state_(std::make_shared<State>(loop)) {
        state_->socket.connect(stream_protocol::endpoint(path));
        listen(state_);
    }
    ~Client() { close(); }
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    void send(std::string text) {
        const auto kept = std::make_shared<std::string>(std::move(text));
        asio::async_write(state_->socket, asio::buffer(*kept), [kept](const error_code&, std::size_t) {});
    }
    void close() { state_->socket.close(); }
    [[nodiscard]] bool closed_by_server() const { return state_->closed; }
    [[nodiscard]] const std::string& heard() const { return state_->heard; }

  private:
    struct State {
        explicit State(asio::io_context& loop) : socket(loop) {}
        stream_protocol::socket socket;
        std::array<char, 4096> buffer{};
        std::string heard;
        bool closed = false;
    };

    static void listen(const std::shared_ptr<State>& state) {
        state->socket.async_read_some(
            asio::buffer(state->buffer), [state](const error_code& error, std::size_t size) {
                state->closed = error == asio::error::eof || error == asio::error::connection_reset;
                state->heard.append(state->buffer.data(), size);
                if (!error) listen(state);
            });
    }

    std::shared_ptr<State> state_;
};

std::string get(const std::string& path) {
    return "GET " + path + " HTTP/1.1\r\nHost: busbar\r\n\r\n";
}

class ControlServerTest : public ::testing::Test {
  protected:
    asio::io_context loop{1};
    std::string path = testing::TempDir() + "busbar-control-" + std::to_string(getpid()) + ".sock";
    std::vector<HttpRequest> requests;
    std::vector<std::string> events;
    std::function<void(HttpResponse)> answer_late;
    HttpHandler handler = [this](const HttpRequest& request) {
        requests.push_back(request);
        if (request.path == "/throws") throw std::runtime_error("oh");
        if (request.path == "/later") {
            HttpResponse response;
            response.later = [this](auto respond) { answer_late = std::move(respond); };
            return response;
        }
        return HttpResponse{200, "text/plain", "body of " + request.path, {{"X-Extra", "1"}}};
    };
    std::unique_ptr<ControlServer> server = *listen();

    ~ControlServerTest() override {
        server.reset();
        run();
        unlink(path.c_str());
    }

    Result<std::unique_ptr<ControlServer>> listen() {
        return ControlServer::listen(loop.get_executor(), path, handler, Log([this](const LogRecord& record) {
                                         events.emplace_back(record.event);
                                     }));
    }
    void run() {
        do {
            loop.restart();
        } while (loop.poll() > 0);
    }
};

TEST_F(ControlServerTest, AnswersARequest) {
    Client client(loop, path);
    client.send("POST /a%20b?x=1 HTTP/1.1\r\nHost: busbar\r\nContent-Length: 5\r\n\r\nhello");
    run();
    EXPECT_THAT(client.heard(), StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_THAT(client.heard(), HasSubstr("Content-Type: text/plain\r\n"));
    EXPECT_THAT(client.heard(), HasSubstr("X-Extra: 1\r\n"));
    EXPECT_THAT(client.heard(), HasSubstr("\r\n\r\nbody of /a b"));
    ASSERT_EQ(requests.size(), 1U);
    EXPECT_EQ(requests[0].method, "POST");
    EXPECT_EQ(requests[0].path, "/a b");
    EXPECT_EQ(requests[0].query, "x=1");
    EXPECT_EQ(requests[0].body, "hello");
}

TEST_F(ControlServerTest, KeepsAConnectionForFurtherRequestsAlsoPipelined) {
    Client client(loop, path);
    client.send(get("/1") + get("/2"));
    run();
    client.send(get("/3"));
    run();
    EXPECT_EQ(requests.size(), 3U);
    EXPECT_THAT(client.heard(), HasSubstr("body of /3"));
    EXPECT_FALSE(client.closed_by_server());
}

TEST_F(ControlServerTest, ClosesWhenTheClientWantsIt) {
    Client client(loop, path);
    client.send("GET /1 HTTP/1.1\r\nHost: busbar\r\nConnection: close\r\n\r\n");
    run();
    EXPECT_THAT(client.heard(), HasSubstr("body of /1"));
    EXPECT_TRUE(client.closed_by_server());
}

TEST_F(ControlServerTest, AnAnswerMayTakeItsTime) {
    Client client(loop, path);
    client.send(get("/later"));
    run();
    EXPECT_EQ(client.heard(), "");
    answer_late(HttpResponse{200, "text/plain", "at last", {}});
    run();
    EXPECT_THAT(client.heard(), HasSubstr("\r\n\r\nat last"));
    client.send(get("/1"));
    run();
    EXPECT_THAT(client.heard(), HasSubstr("body of /1"));
}

TEST_F(ControlServerTest, AnAnswerThatComesAfterTheClientLeftIsDropped) {
    {
        Client client(loop, path);
        client.send(get("/later"));
        run();
    }
    run();
    answer_late(HttpResponse{200, "text/plain", "too late", {}});
    run();
}

TEST_F(ControlServerTest, AHandlerThatThrowsIsA500AndALogLine) {
    Client client(loop, path);
    client.send(get("/throws"));
    run();
    EXPECT_THAT(client.heard(), StartsWith("HTTP/1.1 500 "));
    EXPECT_THAT(client.heard(), HasSubstr(R"("code":"internal")"));
    EXPECT_THAT(events, testing::ElementsAre("web_handler_failed"));
}

struct BadRequest {
    std::string bytes;
    int status;
    std::string code;
};

TEST_F(ControlServerTest, RefusesWhatItCannotReadAndCloses) {
    const std::string large(1'100'000, 'x');
    const std::vector<BadRequest> table{
        {"what is this\r\n\r\n", 400, "bad_request"},
        {"GET nopath HTTP/1.1\r\nConnection: close\r\n\r\n", 400, "bad_request"},
        {"GET /%zz HTTP/1.1\r\nConnection: close\r\n\r\n", 400, "bad_request"},
        {"GET / HTTP/1.1\r\nX: " + large + "\r\n\r\n", 431, "header_too_large"},
        {"POST / HTTP/1.1\r\nContent-Length: 1100000\r\n\r\n" + large, 413, "body_too_large"},
        {"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n10C8E0\r\n" + large + "\r\n", 413,
         "body_too_large"},
    };
    for (const auto& row : table) {
        Client client(loop, path);
        client.send(row.bytes);
        run();
        EXPECT_THAT(client.heard(), StartsWith("HTTP/1.1 " + std::to_string(row.status)))
            << row.bytes.substr(0, 40);
        EXPECT_THAT(client.heard(), HasSubstr("\"code\":\"" + row.code + "\""));
        EXPECT_THAT(client.heard(), HasSubstr("application/problem+json"));
        EXPECT_TRUE(client.closed_by_server()) << row.code;
    }
    EXPECT_TRUE(requests.empty());
}

TEST_F(ControlServerTest, ServesSixteenAtATimeAndTheNextWhenOneLeaves) {
    std::vector<std::unique_ptr<Client>> clients;
    for (int i = 0; i < 17; ++i) clients.push_back(std::make_unique<Client>(loop, path));
    for (const auto& client : clients) client->send(get("/"));
    run();
    EXPECT_EQ(requests.size(), 16U);
    EXPECT_EQ(clients.back()->heard(), "");
    clients.front()->close();
    run();
    EXPECT_EQ(requests.size(), 17U);
    EXPECT_THAT(clients.back()->heard(), HasSubstr("body of /"));
}

TEST_F(ControlServerTest, AClientThatLeavesInTheMiddleHarmsNobody) {
    {
        Client client(loop, path);
        client.send("POST / HTTP/1.1\r\nContent-Length: 500\r\n\r\nhalf");
        run();
    }
    run();
    Client client(loop, path);
    client.send(get("/"));
    run();
    EXPECT_EQ(requests.size(), 1U);
}

TEST_F(ControlServerTest, TheSocketIsForOwnerAndGroupAndGoesWithTheServer) {
    struct stat file {};
    ASSERT_EQ(stat(path.c_str(), &file), 0);
    EXPECT_EQ(file.st_mode & 07777U, 0660U);
    Client client(loop, path);
    client.send(get("/"));
    run();
    server.reset();
    run();
    EXPECT_TRUE(client.closed_by_server());
    EXPECT_FALSE(fs::exists(path));
}

TEST_F(ControlServerTest, ASocketThatIsServedIsLeftToItsServer) {
    const auto second = listen();
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, Errc::refused);
    EXPECT_TRUE(fs::exists(path));
}

TEST_F(ControlServerTest, AStaleSocketIsReplaced) {
    server.reset();
    { stream_protocol::acceptor abandoned(loop, stream_protocol::endpoint(path)); }
    ASSERT_TRUE(fs::exists(path));
    server = *listen();
    Client client(loop, path);
    client.send(get("/"));
    run();
    EXPECT_EQ(requests.size(), 1U);
}

TEST_F(ControlServerTest, AnythingElseInItsPlaceIsLeftAlone) {
    server.reset();
    std::ofstream(path) << "precious";
    EXPECT_FALSE(listen());
    EXPECT_EQ(fs::file_size(path), 8U);
}

TEST_F(ControlServerTest, APathThatIsTooLongForASocketIsAnErrorWithItsCure) {
    const auto made =
        ControlServer::listen(loop.get_executor(), "/tmp/" + std::string(200, 'x'), handler, Log());
    ASSERT_FALSE(made);
    EXPECT_THAT(made.error().detail, HasSubstr("107"));
}

}  // namespace
}  // namespace busbar::gateway

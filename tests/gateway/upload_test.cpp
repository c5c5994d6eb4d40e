// SPDX-License-Identifier: Apache-2.0
// A body that is a file: it passes piece by piece, and what may not come is refused before it does.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/write.hpp>

#include "gateway/web/problem.hpp"
#include "gateway/web/server.hpp"

namespace busbar::gateway {
namespace {

namespace asio = boost::asio;
using asio::local::stream_protocol;
using testing::HasSubstr;

struct Seen {
    std::size_t bytes = 0;
    std::size_t largest = 0;
    int alive = 0;
    std::size_t in_memory = 0;
};

class CountingSink final : public BodySink {
  public:
    explicit CountingSink(Seen& seen) : seen_(seen) { ++seen_.alive; }
    ~CountingSink() override { --seen_.alive; }
    CountingSink(const CountingSink&) = delete;
    CountingSink& operator=(const CountingSink&) = delete;
    void take(std::string_view bytes) override {
        seen_.bytes += bytes.size();
        seen_.largest = std::max(seen_.largest, bytes.size());
    }

  private:
    Seen& seen_;
};

class Uploads : public testing::Test {
  protected:
    Uploads() { client_.connect(stream_protocol::endpoint(path_)); }
    ~Uploads() override {
        server_.reset();
        run();
        ::unlink(path_.c_str());
    }

    std::shared_ptr<const Router> routes() {
        const Upload upload{3'000'000, "application/octet-stream", [this](HttpRequest& head) {
                                std::optional<HttpResponse> refused;
                                if (head.query == "no")
                                    refused = problem(409, "upload_running", "Another one is.");
                                if (!refused) head.sink = std::make_shared<CountingSink>(seen_);
                                return refused;
                            }};
        const auto answer = [this](const HttpRequest& request) {
            seen_.in_memory = request.body.size();
            return HttpResponse{201, "text/plain", request.sink ? "taken" : "nothing", {}};
        };
        return std::make_shared<const Router>(
            std::vector<Route>{{"PUT", "/file", at_least(Role::owner), answer, upload},
                               {"PUT", "/text", at_least(Role::owner), answer}});
    }
    void run() {
        do {
            loop_.restart();
        } while (loop_.poll() > 0);
    }
    /// Sends, as far as it is taken, and gives what came back.
    std::string tell(const std::string& text) {
        client_.non_blocking(true);
        std::string heard;
        std::array<char, 4096> buffer{};
        boost::system::error_code error;
        for (std::size_t at = 0, idle = 0; idle < 20; ++idle) {
            const auto sent =
                at < text.size() ? client_.write_some(asio::buffer(text.data() + at, text.size() - at), error)
                                 : 0;
            at += sent;
            run();
            const auto got = client_.read_some(asio::buffer(buffer), error);
            heard.append(buffer.data(), got);
            if (sent + got > 0) idle = 0;
        }
        return heard;
    }

    asio::io_context loop_{1};
    std::string path_ = testing::TempDir() + "busbar-upload-" + std::to_string(::getpid()) + ".sock";
    Seen seen_;
    std::unique_ptr<ControlServer> server_ =
        *ControlServer::listen(loop_.get_executor(), path_, routes(), Log());
    stream_protocol::socket client_{loop_};
};

std::string put(const std::string& target, std::size_t size) {
    return "PUT " + target + " HTTP/1.1\r\nHost: busbar\r\nContent-Length: " + std::to_string(size) +
           "\r\nContent-Type: application/octet-stream\r\n\r\n";
}

TEST_F(Uploads, PassPieceByPieceAndLeaveTheConnectionFit) {
    EXPECT_THAT(tell(put("/file", 2'500'000) + std::string(2'500'000, 'x')), HasSubstr("taken"));
    EXPECT_EQ(seen_.bytes, 2'500'000U);
    EXPECT_LE(seen_.largest, 8192U);
    EXPECT_EQ(seen_.in_memory, 0U);
    EXPECT_EQ(seen_.alive, 0) << "the file is closed with the request";
    EXPECT_THAT(tell(put("/text", 5) + "hello"), HasSubstr("nothing"));
    EXPECT_EQ(seen_.in_memory, 5U) << "another route's body is in memory as before";
}

TEST_F(Uploads, MayComeInChunksButNotBeyondTheirBound) {
    EXPECT_THAT(tell("PUT /file HTTP/1.1\r\nHost: busbar\r\nTransfer-Encoding: chunked\r\nContent-Type: "
                     "application/octet-stream\r\n\r\n4\r\nabcd\r\n0\r\n\r\n"),
                HasSubstr("taken"));
    EXPECT_EQ(seen_.bytes, 4U);
    EXPECT_THAT(tell(put("/file", 3'000'001)), HasSubstr("413"));
    EXPECT_EQ(seen_.bytes, 4U);
}

TEST_F(Uploads, AreRefusedBeforeTheirBodyIsTaken) {
    EXPECT_THAT(tell(put("/file?no", 1000) + std::string(1000, 'x')), HasSubstr("upload_running"));
    EXPECT_EQ(seen_.bytes, 0U);
}

TEST_F(Uploads, OfAClientThatLeavesEndWithIt) {
    (void)tell(put("/file", 1000) + std::string(10, 'x'));
    EXPECT_EQ(seen_.alive, 1);
    client_.close();
    run();
    EXPECT_EQ(seen_.alive, 0);
}

}  // namespace
}  // namespace busbar::gateway

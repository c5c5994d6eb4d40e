// SPDX-License-Identifier: Apache-2.0
// Two streams over a socket pair.
#include "gateway/tls_stream.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <csignal>
#include <optional>

#include "test_certificates.hpp"

namespace busbar::gateway {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr UtcTime now{seconds(1'790'000'000)};

class TlsStreamTest : public ::testing::Test {
  protected:
    asio::io_context loop{1};
    testing::TestAuthority authority;
    std::string root_file = authority.root_file();
    TlsClient tls = *TlsClient::make(root_file, [] { return now; });
    testing::ServerContextPtr server_context =
        testing::server_for(authority.issue({.not_before = now - 1s, .not_after = now + 1s}));
    std::optional<TlsStream> client, server;

    ~TlsStreamTest() override { unlink(root_file.c_str()); }

    void SetUp() override {
        std::signal(SIGPIPE, SIG_IGN);  // as busbard does
        int ends[2];
        ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
        SslPtr accepting(SSL_new(server_context.get()));
        SSL_set_accept_state(accepting.get());
        client.emplace(asio::ip::tcp::socket(loop, asio::ip::tcp::v4(), ends[0]),
                       tls.connection_to("csms.test"));
        server.emplace(asio::ip::tcp::socket(loop, asio::ip::tcp::v4(), ends[1]), std::move(accepting));
        int finished = 0;
        const auto count = [&](const error_code& error, std::size_t) { finished += error ? 100 : 1; };
        client->async_handshake(count);
        server->async_handshake(count);
        run();
        ASSERT_EQ(finished, 2);
    }

    /// Until nothing moves; a socket pair never keeps anyone waiting.
    void run() {
        do {
            loop.restart();
        } while (loop.poll() > 0);
    }
};

TEST_F(TlsStreamTest, CarriesWhatIsWritten) {
    std::string heard(100, '\0');
    std::size_t size = 0;
    server->async_read_some(asio::buffer(heard), [&](const error_code&, std::size_t bytes) { size = bytes; });
    client->async_write_some(asio::buffer(std::string_view("hello")), [](const error_code&, std::size_t) {});
    run();
    EXPECT_EQ(heard.substr(0, size), "hello");
}

TEST_F(TlsStreamTest, SmallPiecesLeaveTogether) {
    const std::array<asio::const_buffer, 3> pieces{asio::buffer("ab", 2), asio::const_buffer(),
                                                   asio::buffer("cde", 3)};
    std::string heard(100, '\0');
    std::size_t written = 0, read = 0;
    client->async_write_some(pieces, [&](const error_code&, std::size_t bytes) { written = bytes; });
    server->async_read_some(asio::buffer(heard), [&](const error_code&, std::size_t bytes) { read = bytes; });
    run();
    EXPECT_EQ(written, 5U);
    EXPECT_EQ(heard.substr(0, read), "abcde");
}

TEST_F(TlsStreamTest, CarriesMoreThanTheSocketTakesAtOnce) {
    const std::string spoken(3'000'000, 'x');
    std::size_t sent = 0, received = 0;
    std::string heard(50'000, '\0');
    std::function<void()> write = [&] {
        client->async_write_some(asio::buffer(spoken) + sent,
                                 [&](const error_code& error, std::size_t bytes) {
                                     sent += bytes;
                                     if (!error && sent < spoken.size()) write();
                                 });
    };
    std::function<void()> read = [&] {
        server->async_read_some(asio::buffer(heard), [&](const error_code& error, std::size_t bytes) {
            received += bytes;
            if (!error && received < spoken.size()) read();
        });
    };
    write();
    run();  // until the socket is full
    EXPECT_LT(sent, spoken.size());
    read();
    run();
    EXPECT_EQ(received, spoken.size());
}

TEST_F(TlsStreamTest, CountsEveryByteFromTheWire) {
    const auto before = client->bytes_received();
    EXPECT_GT(before, 0U);
    std::string heard(10, '\0');
    client->async_read_some(asio::buffer(heard), [](const error_code&, std::size_t) {});
    server->async_write_some(asio::buffer("x", 1), [](const error_code&, std::size_t) {});
    run();
    EXPECT_GT(client->bytes_received(), before);
}

TEST_F(TlsStreamTest, EndsWithEofWhetherOrNotThePeerSaidGoodbye) {
    for (const bool politely : {true, false}) {
        if (!politely) SetUp();
        error_code seen;
        std::string heard(10, '\0');
        client->async_read_some(asio::buffer(heard),
                                [&](const error_code& error, std::size_t) { seen = error; });
        politely ? server->close() : server->abort();
        run();
        EXPECT_EQ(seen, asio::error::eof) << politely;
    }
}

TEST_F(TlsStreamTest, AfterCloseNothingTouchesTheDescriptorThatMayBeAnothers) {
    error_code pending, later;
    std::string heard(10, '\0');
    client->async_read_some(asio::buffer(heard),
                            [&](const error_code& error, std::size_t) { pending = error; });
    client->close();
    client->async_write_some(asio::buffer("x", 1),
                             [&](const error_code& error, std::size_t) { later = error; });
    run();
    EXPECT_EQ(pending, asio::error::operation_aborted);
    EXPECT_EQ(later, asio::error::bad_descriptor);
}

}  // namespace
}  // namespace busbar::gateway

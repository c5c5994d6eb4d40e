// SPDX-License-Identifier: Apache-2.0
#include "tls_peer.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

#include <array>
#include <boost/asio/buffer.hpp>

#include "gateway/tls_stream.hpp"

namespace busbar::gateway::testing {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr std::string_view key_name = "Sec-WebSocket-Key: ";
constexpr const char* magic = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";  // RFC 6455, 1.3

/// RFC 6455, 4.2.2.
std::string answer_to(const std::string& request) {
    const auto at = request.find(key_name) + key_name.size();
    const std::string text = request.substr(at, request.find('\r', at) - at) + magic;
    std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
    SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
    std::array<unsigned char, 64> encoded{};
    EVP_EncodeBlock(encoded.data(), digest.data(), SHA_DIGEST_LENGTH);
    return fmt::format(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Protocol: ocpp1.6\r\nSec-WebSocket-Accept: {}\r\n\r\n",
        reinterpret_cast<const char*>(encoded.data()));
}

}  // namespace

class TlsPeer::Connection : public std::enable_shared_from_this<TlsPeer::Connection> {
  public:
    Connection(asio::ip::tcp::socket socket, SslPtr ssl, std::shared_ptr<std::vector<std::string>> story,
               std::size_t number)
        : stream_(std::move(socket), std::move(ssl)), story_(std::move(story)), number_(number) {}

    void start() {
        stream_.async_handshake([self = shared_from_this()](const error_code& error, std::size_t) {
            if (error) return;
            self->note("tls");
            self->read();
        });
    }
    void stop() { stream_.abort(); }

  private:
    void note(const std::string& what) { story_->push_back(fmt::format("{} {}", number_, what)); }

    void read() {
        stream_.async_read_some(
            asio::buffer(piece_), [self = shared_from_this()](const error_code& error, std::size_t size) {
                if (error) return self->note(error == asio::error::connection_reset ? "reset" : "end");
                self->heard_.append(self->piece_.data(), size);
                self->take();
                self->read();
            });
    }

    void take() {
        if (!upgraded_) {
            const auto end = heard_.find("\r\n\r\n");
            if (end == std::string::npos) return;
            upgraded_ = true;
            note("upgrade");
            say(answer_to(heard_));
            heard_.erase(0, end + 4);
        }
        while (heard_.size() >= 6) take_frame();
    }

    /// The client's frames here are short and masked (RFC 6455, 5.2).
    void take_frame() {
        const auto at = [this](std::size_t n) { return static_cast<unsigned char>(heard_[n]); };
        const std::size_t size = at(1) & 0x7FU;
        if (heard_.size() < 6 + size) return;
        if ((at(0) & 0x0FU) == 8) {
            note(fmt::format("close {}", (at(6) ^ at(2)) * 256 + (at(7) ^ at(3))));
            say(std::string("\x88\x02\x03\xe9", 4));
        }
        heard_.erase(0, 6 + size);
    }

    void say(std::string text) {
        said_ = std::move(text);
        stream_.async_write_some(asio::buffer(said_),
                                 [self = shared_from_this()](const error_code&, std::size_t) {});
    }

    TlsStream stream_;
    std::shared_ptr<std::vector<std::string>> story_;
    std::size_t number_;
    std::array<char, 4096> piece_{};
    std::string heard_;
    std::string said_;
    bool upgraded_ = false;
};

TlsPeer::TlsPeer(asio::io_context& loop, SSL_CTX& context)
    : context_(context), acceptor_(loop, {asio::ip::make_address("127.0.0.1"), 0}) {
    accept();
}

TlsPeer::~TlsPeer() {
    for (const auto& one : connections_) {
        if (const auto connection = one.lock()) connection->stop();
    }
}

int TlsPeer::port() const {
    return acceptor_.local_endpoint().port();
}

void TlsPeer::accept() {
    acceptor_.async_accept([this](const error_code& error, asio::ip::tcp::socket socket) {
        if (error) return;
        SslPtr ssl(SSL_new(&context_));
        SSL_set_accept_state(ssl.get());
        const auto connection =
            std::make_shared<Connection>(std::move(socket), std::move(ssl), story_, connections_.size() + 1);
        connections_.push_back(connection);
        connection->start();
        accept();
    });
}

}  // namespace busbar::gateway::testing

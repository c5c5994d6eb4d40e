// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/channel.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <utility>

#include "gateway/tls_stream.hpp"

namespace busbar::gateway {
namespace {

namespace asio = boost::asio;

template <class Socket>
class PlainChannel final : public Channel {
  public:
    explicit PlainChannel(Socket socket) : socket_(std::move(socket)) {}

    asio::any_io_executor executor() override { return socket_.get_executor(); }
    void open(Done done) override {
        asio::post(socket_.get_executor(), [done = std::move(done)] { done({}, 0); });
    }
    void read(asio::mutable_buffer target, Done done) override {
        socket_.async_read_some(target, std::move(done));
    }
    void write(asio::const_buffer source, Done done) override {
        asio::async_write(socket_, asio::buffer(source), std::move(done));
    }
    void finish() override {
        boost::system::error_code ignored;
        socket_.shutdown(Socket::shutdown_send, ignored);
    }
    void close() override {
        boost::system::error_code ignored;
        socket_.close(ignored);
    }

  private:
    Socket socket_;
};

class TlsChannel final : public Channel {
  public:
    TlsChannel(asio::ip::tcp::socket socket, SslPtr ssl) : stream_(std::move(socket), std::move(ssl)) {}

    asio::any_io_executor executor() override { return stream_.get_executor(); }
    void open(Done done) override { stream_.async_handshake(std::move(done)); }
    void read(asio::mutable_buffer target, Done done) override {
        stream_.async_read_some(asio::buffer(target), std::move(done));
    }
    void write(asio::const_buffer source, Done done) override {
        asio::async_write(stream_, asio::buffer(source), std::move(done));
    }
    void finish() override { stream_.finish(); }
    void close() override { stream_.close(); }

  private:
    TlsStream stream_;
};

}  // namespace

std::unique_ptr<Channel> plain_channel(asio::local::stream_protocol::socket socket) {
    return std::make_unique<PlainChannel<asio::local::stream_protocol::socket>>(std::move(socket));
}
std::unique_ptr<Channel> plain_channel(asio::ip::tcp::socket socket) {
    return std::make_unique<PlainChannel<asio::ip::tcp::socket>>(std::move(socket));
}
std::unique_ptr<Channel> tls_channel(asio::ip::tcp::socket socket, SslPtr ssl) {
    return std::make_unique<TlsChannel>(std::move(socket), std::move(ssl));
}

}  // namespace busbar::gateway

// SPDX-License-Identifier: Apache-2.0
#include "server.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <deque>
#include <utility>

namespace busbar::bench {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using asio::ip::tcp;
using beast::error_code;

/// Shakes hands, accepts the upgrade, reads for ever.
class Connection final : public Peer, public std::enable_shared_from_this<Connection> {
  public:
    Connection(tcp::socket socket, asio::ssl::context& tls, const Server::Events& events)
        : ws_(std::move(socket), tls), events_(events) {
        ws_.next_layer().next_layer().set_option(tcp::no_delay(true));
    }

    void start() {
        ws_.next_layer().async_handshake(asio::ssl::stream_base::server,
                                         [self = shared_from_this()](const error_code& error) {
                                             if (!error) self->read_upgrade();
                                         });
    }

    [[nodiscard]] const std::string& charge_point() const override { return charge_point_; }

    void send(std::string text) override {
        queue_.push_back(std::move(text));
        if (queue_.size() == 1) write();
    }

    void drop() override {
        error_code ignored;
        ws_.next_layer().next_layer().shutdown(tcp::socket::shutdown_both, ignored);
    }

  private:
    void read_upgrade() {
        http::async_read(ws_.next_layer(), buffer_, upgrade_,
                         [self = shared_from_this()](const error_code& error, std::size_t) {
                             if (!error) self->accept();
                         });
    }

    void accept() {
        const std::string target(upgrade_.target());
        charge_point_ = target.substr(target.rfind('/') + 1);
        ws_.set_option(websocket::stream_base::decorator([](websocket::response_type& response) {
            response.set(http::field::sec_websocket_protocol, "ocpp1.6");
        }));
        ws_.async_accept(upgrade_, [self = shared_from_this()](const error_code& error) {
            if (error) return;
            self->upgrade_ = {};
            self->events_.opened(self);
            self->read();
        });
    }

    void read() {
        ws_.async_read(buffer_, [self = shared_from_this()](const error_code& error, std::size_t) {
            if (error) return self->events_.closed(self);
            const auto data = self->buffer_.cdata();
            self->events_.received(self, {static_cast<const char*>(data.data()), data.size()});
            self->buffer_.consume(data.size());
            self->read();
        });
    }

    void write() {
        ws_.async_write(asio::buffer(queue_.front()),
                        [self = shared_from_this()](const error_code& error, std::size_t) {
                            self->queue_.pop_front();
                            if (!error && !self->queue_.empty()) self->write();
                        });
    }

    websocket::stream<beast::ssl_stream<tcp::socket>> ws_;
    const Server::Events& events_;
    beast::flat_buffer buffer_;
    http::request<http::string_body> upgrade_;
    std::string charge_point_;
    std::deque<std::string> queue_;
};

}  // namespace

class Server::Impl : public std::enable_shared_from_this<Server::Impl> {
  public:
    Impl(asio::io_context& loop, const std::string& certificate_file, const std::string& key_file,
         Events events)
        : tls_(asio::ssl::context::tlsv12_server),
          acceptor_(loop, tcp::endpoint(asio::ip::address_v4::loopback(), 0)),
          events_(std::move(events)) {
        tls_.use_certificate_chain_file(certificate_file);
        tls_.use_private_key_file(key_file, asio::ssl::context::pem);
    }

    void accept() {
        acceptor_.async_accept([self = shared_from_this()](const error_code& error, tcp::socket socket) {
            if (error) return;
            std::make_shared<Connection>(std::move(socket), self->tls_, self->events_)->start();
            self->accept();
        });
    }
    void stop() { acceptor_.close(); }
    [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

  private:
    asio::ssl::context tls_;
    tcp::acceptor acceptor_;
    Events events_;
};

Server::Server(asio::io_context& loop, const std::string& certificate_file, const std::string& key_file,
               Events events)
    : impl_(std::make_shared<Impl>(loop, certificate_file, key_file, std::move(events))) {
    impl_->accept();
}

Server::~Server() {
    impl_->stop();
}

std::uint16_t Server::port() const {
    return impl_->port();
}

}  // namespace busbar::bench

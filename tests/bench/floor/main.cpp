// SPDX-License-Identifier: Apache-2.0
// busbar_bench_floor PORT CA_FILE CONNECTIONS: what a WebSocket client costs that does nothing. Each
// connection says one canned BootNotification, then sends back whatever it hears; a connection that ends is
// made anew at once.
#include <signal.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using asio::ip::tcp;
using beast::error_code;

struct Place {
    asio::io_context& loop;
    asio::ssl::context& tls;
    tcp::endpoint server;
};

class Client : public std::enable_shared_from_this<Client> {
    /// Goes on with `next`, or from the beginning where this went wrong.
    auto step(void (Client::*next)()) {
        return [self = shared_from_this(), next](const error_code& error, auto&&...) {
            if (!error) return ((*self).*next)();
            std::make_shared<Client>(self->place_, self->number_)->start();
        };
    }

  public:
    Client(const Place& place, int number)
        : place_(place), number_(number), ws_(tcp::socket(place.loop), place.tls) {}

    void start() { ws_.next_layer().next_layer().async_connect(place_.server, step(&Client::connected)); }

  private:
    void connected() {
        ws_.next_layer().next_layer().set_option(tcp::no_delay(true));
        ws_.next_layer().set_verify_callback(asio::ssl::host_name_verification("127.0.0.1"));
        ws_.next_layer().async_handshake(asio::ssl::stream_base::client, step(&Client::shaken));
    }
    void shaken() {
        ws_.set_option(websocket::stream_base::decorator([](websocket::request_type& upgrade) {
            upgrade.set(beast::http::field::sec_websocket_protocol, "ocpp1.6");
        }));
        ws_.async_handshake("127.0.0.1", "/ocpp/FLOOR" + std::to_string(number_), step(&Client::upgraded));
    }
    void upgraded() {
        static const std::string boot =
            R"([2,"boot","BootNotification",{"chargePointVendor":"Floor","chargePointModel":"Floor"}])";
        ws_.async_write(asio::buffer(boot), step(&Client::await_boot));
    }
    void await_boot() { ws_.async_read(buffer_, step(&Client::booted)); }
    void booted() {
        buffer_.consume(buffer_.size());
        read();
    }
    void read() { ws_.async_read(buffer_, step(&Client::echo)); }
    void echo() { ws_.async_write(buffer_.cdata(), step(&Client::booted)); }

    const Place& place_;
    int number_;
    websocket::stream<beast::ssl_stream<tcp::socket>> ws_;
    beast::flat_buffer buffer_;
};

}  // namespace

int main(int count, char** arguments) {
    if (count != 4) return 2;
    ::signal(SIGPIPE, SIG_IGN);
    asio::io_context loop(1);
    asio::ssl::context tls(asio::ssl::context::tlsv12_client);
    tls.load_verify_file(arguments[2]);
    tls.set_verify_mode(asio::ssl::verify_peer);
    const Place place{
        loop, tls, {asio::ip::address_v4::loopback(), static_cast<std::uint16_t>(std::atoi(arguments[1]))}};
    for (int number = 1; number <= std::atoi(arguments[3]); ++number)
        std::make_shared<Client>(place, number)->start();
    loop.run();
}

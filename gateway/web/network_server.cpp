// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/network_server.hpp"

#include <fmt/format.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/ip/v6_only.hpp>

#include <cerrno>
#include <utility>

#include "gateway/web/accept_loop.hpp"

namespace busbar::gateway {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

/// A client that vanished without a word is noticed after so long, also where only we send.
constexpr int unacknowledged_ms = 30'000;

void set_options(tcp::socket& socket) {
    using UserTimeout = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_USER_TIMEOUT>;
    error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    socket.set_option(UserTimeout(unacknowledged_ms), ignored);
}

class TcpServer final : public NetworkServer {
  public:
    TcpServer(tcp::acceptor acceptor, std::shared_ptr<const HttpService> service, std::function<SslPtr()> ssl,
              ConnectionPool::Limits limits)
        : pool_(limits, std::move(service)),
          ssl_(std::move(ssl)),
          loop_(std::make_shared<AcceptLoop<tcp>>(
              std::move(acceptor), [] { return true; },
              [this](tcp::socket socket) { accepted(std::move(socket)); })) {
        loop_->go();
    }
    ~TcpServer() override { loop_->close(); }
    TcpServer(const TcpServer&) = delete;
    TcpServer& operator=(const TcpServer&) = delete;

    [[nodiscard]] int port() const override {
        error_code ignored;
        return loop_->acceptor().local_endpoint(ignored).port();
    }

  private:
    void accepted(tcp::socket socket) {
        error_code gone;
        const auto peer = socket.remote_endpoint(gone);
        if (gone) return;
        auto client = client_of(peer.address());
        if (!pool_.make_room(client)) return;
        set_options(socket);
        // cppcheck-suppress accessMoved  ; one of the two is made
        auto channel = ssl_ ? tls_channel(std::move(socket), ssl_()) : plain_channel(std::move(socket));
        pool_.add(std::move(channel), std::move(client));
    }

    ConnectionPool pool_;
    std::function<SslPtr()> ssl_;
    std::shared_ptr<AcceptLoop<tcp>> loop_;
};

error_code bind(tcp::acceptor& acceptor, const tcp::endpoint& endpoint) {
    error_code error;
    acceptor.open(endpoint.protocol(), error);
    if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error && endpoint.address().is_v6()) acceptor.set_option(asio::ip::v6_only(false), error);
    if (!error) acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
    return error;
}

/// IPv4 or IPv6: what the socket was opened as.
error_code assign(tcp::acceptor& acceptor, int descriptor) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    error_code error;
    if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
        error.assign(errno, boost::system::system_category());
    } else {
        acceptor.assign(address.ss_family == AF_INET6 ? tcp::v6() : tcp::v4(), descriptor, error);
    }
    if (error) ::close(descriptor);
    return error;
}

}  // namespace

Result<std::unique_ptr<NetworkServer>> NetworkServer::listen(const asio::any_io_executor& loop,
                                                             const Place& place,
                                                             std::shared_ptr<const HttpService> service,
                                                             std::function<SslPtr()> ssl,
                                                             ConnectionPool::Limits limits) {
    error_code error;
    const auto address = asio::ip::make_address(place.address, error);
    if (error) return Error{Errc::invalid, place.address + " is no IP address"};
    tcp::acceptor acceptor(loop);
    error = bind(acceptor, {address, static_cast<unsigned short>(place.port)});
    if (error)
        return Error{Errc::io, fmt::format("{} port {}: {}", place.address, place.port, error.message())};
    return std::make_unique<TcpServer>(std::move(acceptor), std::move(service), std::move(ssl), limits);
}

Result<std::unique_ptr<NetworkServer>> NetworkServer::serve(const asio::any_io_executor& loop, int descriptor,
                                                            std::shared_ptr<const HttpService> service,
                                                            std::function<SslPtr()> ssl,
                                                            ConnectionPool::Limits limits) {
    tcp::acceptor acceptor(loop);
    if (const auto error = assign(acceptor, descriptor))
        return Error{Errc::io, "the socket that was passed to us: " + error.message()};
    return std::make_unique<TcpServer>(std::move(acceptor), std::move(service), std::move(ssl), limits);
}

}  // namespace busbar::gateway

// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/server.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/local/stream_protocol.hpp>
#include <utility>

#include "gateway/web/accept_loop.hpp"
#include "gateway/web/connection_pool.hpp"

namespace busbar::gateway {
namespace {

namespace asio = boost::asio;
using asio::local::stream_protocol;
using boost::system::error_code;

constexpr std::size_t most_connections = 16;
constexpr double any_pace = 1e6;
constexpr seconds patience{10};
constexpr std::size_t longest_socket_path = 107;  // unix(7): sun_path without its NUL

using Prepare = std::function<std::optional<HttpResponse>(HttpRequest&, std::uint64_t&)>;

/// The socket's permissions are its protection.
HttpService service_of(HttpHandler handler, Prepare prepare, Log log) {
    HttpService service;
    service.admit = [prepare = std::move(prepare)](HttpRequest& head, std::uint64_t& most_body) {
        head.login = Login{"control-socket", Role::operator_, true};
        return prepare ? prepare(head, most_body) : std::nullopt;
    };
    service.answer = std::move(handler);
    service.finish = [](HttpResponse& answer) { answer.headers.emplace_back("Cache-Control", "no-store"); };
    service.log = std::move(log);
    service.request = patience;
    service.idle = patience;
    service.taking = patience;
    return service;
}

class UnixServer final : public ControlServer {
  public:
    UnixServer(stream_protocol::acceptor acceptor, HttpService service, std::string path)
        : pool_({most_connections, most_connections, any_pace, any_pace},
                std::make_shared<HttpService>(std::move(service)), [this] { loop_->go(); }),
          loop_(std::make_shared<AcceptLoop<stream_protocol>>(
              std::move(acceptor), [this] { return !pool_.full(); },
              [this](stream_protocol::socket socket) { pool_.add(plain_channel(std::move(socket)), {}); })),
          path_(std::move(path)) {
        loop_->go();
    }
    ~UnixServer() override {
        loop_->close();
        unlink(path_.c_str());
    }
    UnixServer(const UnixServer&) = delete;
    UnixServer& operator=(const UnixServer&) = delete;

  private:
    ConnectionPool pool_;
    std::shared_ptr<AcceptLoop<stream_protocol>> loop_;
    std::string path_;
};

/// Removes a socket file that nobody listens on; leaves everything else alone.
Result<void> make_way(const asio::any_io_executor& loop, const std::string& path) {
    struct stat file {};
    if (lstat(path.c_str(), &file) != 0) return {};
    if (!S_ISSOCK(file.st_mode)) return Error{Errc::io, path + " exists and is not a socket: move it away"};
    stream_protocol::socket probe(loop);
    error_code nobody_there;
    probe.connect(stream_protocol::endpoint(path), nobody_there);
    if (!nobody_there) return Error{Errc::refused, path + " is served by another busbard: stop it first"};
    unlink(path.c_str());
    return {};
}

/// Nobody can connect between bind and listen, so the mode is set in time.
error_code bind_private(stream_protocol::acceptor& acceptor, const std::string& path) {
    error_code error;
    acceptor.open(stream_protocol(), error);
    if (!error) acceptor.bind(stream_protocol::endpoint(path), error);
    if (!error && chmod(path.c_str(), S_IRUSR | S_IWUSR | S_IRGRP | S_IWGRP) != 0) {
        error.assign(errno, boost::system::system_category());
    }
    if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
    return error;
}

Result<std::unique_ptr<ControlServer>> listen_at(const asio::any_io_executor& loop,
                                                 const std::string& socket_path, HttpService service) {
    if (socket_path.size() > longest_socket_path) {
        return Error{Errc::invalid, socket_path + " is too long for a socket: 107 characters is the most"};
    }
    if (const auto free = make_way(loop, socket_path); !free) return free.error();
    stream_protocol::acceptor acceptor(loop);
    if (const auto error = bind_private(acceptor, socket_path)) {
        return Error{Errc::io, fmt::format("{}: {}", socket_path, error.message())};
    }
    return std::make_unique<UnixServer>(std::move(acceptor), std::move(service), socket_path);
}

}  // namespace

Result<std::unique_ptr<ControlServer>> ControlServer::listen(const asio::any_io_executor& loop,
                                                             const std::string& socket_path,
                                                             HttpHandler handler, Log log) {
    return listen_at(loop, socket_path, service_of(std::move(handler), {}, std::move(log)));
}

Result<std::unique_ptr<ControlServer>> ControlServer::listen(const asio::any_io_executor& loop,
                                                             const std::string& socket_path,
                                                             const std::shared_ptr<const Router>& routes,
                                                             Log log) {
    const auto prepare = [routes](HttpRequest& head, std::uint64_t& most_body) {
        return routes->prepare(head, most_body);
    };
    const auto answer = [routes](const HttpRequest& request) { return (*routes)(request); };
    return listen_at(loop, socket_path, service_of(answer, prepare, std::move(log)));
}

}  // namespace busbar::gateway

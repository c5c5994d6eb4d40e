// SPDX-License-Identifier: Apache-2.0
// A listener and one Connection a client: read a request, answer it, again. Every wait ends after 10 s.
#include "gateway/web/server.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/src.hpp>
#include <optional>
#include <set>

#include "gateway/base/time.hpp"
#include "gateway/web/problem.hpp"
#include "gateway/web/target.hpp"

namespace busbar::gateway {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::local::stream_protocol;
using beast::error_code;

constexpr std::size_t most_connections = 16;
constexpr std::uint32_t largest_header = 16 * 1024;
constexpr std::uint64_t largest_body = 256 * 1024;
constexpr seconds step_limit{10};
constexpr seconds answer_limit{120};  // of what takes its time
constexpr seconds accept_pause{1};
constexpr std::size_t longest_socket_path = 107;  // unix(7): sun_path without its NUL

class Connection;

/// Accepts clients, up to a number, and answers their requests.
class Listener : public std::enable_shared_from_this<Listener> {
  public:
    Listener(stream_protocol::acceptor acceptor, HttpHandler handler, Log log)
        : acceptor_(std::move(acceptor)),
          pause_(acceptor_.get_executor()),
          handler_(std::move(handler)),
          log_(std::move(log)) {}

    void accept();
    [[nodiscard]] HttpResponse answer(const HttpRequest& request) const;
    void ended(Connection* connection);
    void close();

  private:
    void accepted(const error_code& error, stream_protocol::socket socket);

    stream_protocol::acceptor acceptor_;
    asio::steady_timer pause_;
    HttpHandler handler_;
    Log log_;
    std::set<Connection*> connections_;
    bool accepting_ = false;
};

class Connection : public std::enable_shared_from_this<Connection> {
  public:
    Connection(stream_protocol::socket socket, std::shared_ptr<Listener> listener)
        : socket_(std::move(socket)), timer_(socket_.get_executor()), listener_(std::move(listener)) {}

    void read();
    void close();

  private:
    void have_read(const error_code& error);
    void respond();
    void write_later(const HttpResponse& answer, bool keep_alive);
    void write(HttpResponse answer, bool keep_alive);
    void have_written(const error_code& error);
    void arm(void (Connection::*expired)());
    void request_expired();

    stream_protocol::socket socket_;
    asio::steady_timer timer_;
    std::shared_ptr<Listener> listener_;
    beast::flat_buffer buffer_;
    std::optional<http::request_parser<http::string_body>> parser_;
    http::response<http::string_body> response_;
    SteadyTime deadline_;
    bool expired_ = false;  ///< the request took too long
};

void Connection::read() {
    parser_.emplace();
    parser_->header_limit(largest_header);
    parser_->body_limit(largest_body);
    arm(&Connection::request_expired);
    http::async_read(
        socket_, buffer_, *parser_,
        [self = shared_from_this()](const error_code& error, std::size_t) { self->have_read(error); });
}

/// The read ends with operation_aborted and is answered with 408.
void Connection::request_expired() {
    expired_ = true;
    error_code ignored;
    socket_.cancel(ignored);
}

struct Refusal {
    error_code error;
    int status;
    std::string_view code;
    std::string_view detail;
};

/// How a request that cannot be read is answered; not at all when there is nobody or nothing to answer.
std::optional<HttpResponse> refusal(const error_code& error, bool expired) {
    static const std::array<Refusal, 2> too_large{{
        {http::error::header_limit, 431, "header_too_large", "A request's header may have 16 KiB."},
        {http::error::body_limit, 413, "body_too_large", "A request's body may have 256 KiB."},
    }};
    for (const auto& row : too_large) {
        if (error == row.error) return problem(row.status, row.code, row.detail);
    }
    if (expired) return problem(408, "request_timeout", "The request did not arrive within 10 s.");
    const bool from_http = error.category() == make_error_code(http::error::bad_method).category();
    if (!from_http || error == http::error::partial_message) return std::nullopt;
    return problem(400, "bad_request", "This is no HTTP request: " + error.message() + ".");
}

void Connection::have_read(const error_code& error) {
    if (!socket_.is_open()) return;
    if (!error) {
        respond();
    } else if (auto answer = parser_->got_some() ? refusal(error, expired_) : std::nullopt) {
        write(*std::move(answer), false);
    } else {
        close();
    }
}

void Connection::respond() {
    auto request = parser_->release();
    const bool keep_alive = request.keep_alive();
    const auto target = parse_target(request.target());
    if (!target) {
        write(problem(400, "bad_request", "The request's target is not a path."), keep_alive);
        return;
    }
    HttpRequest asked{std::string(request.method_string()), target->path, target->query,
                      std::move(request.body())};
    for (const auto& field : request) asked.fields.emplace_back(field.name_string(), field.value());
    asked.login = Login{"control-socket", Role::operator_, true};
    auto answer = listener_->answer(asked);
    if (answer.later) return write_later(answer, keep_alive);
    write(std::move(answer), keep_alive);
}

/// No read and no write is under way that would keep the connection: the timer does.
void Connection::write_later(const HttpResponse& answer, bool keep_alive) {
    timer_.expires_after(answer_limit);
    timer_.async_wait([self = shared_from_this()](const error_code& cancelled) {
        if (!cancelled) self->close();
    });
    answer.later([weak = weak_from_this(), keep_alive](HttpResponse late) {
        const auto self = weak.lock();
        if (self && self->socket_.is_open()) self->write(std::move(late), keep_alive);
    });
}

void Connection::write(HttpResponse answer, bool keep_alive) {
    response_ = {};
    response_.result(static_cast<unsigned>(answer.status));
    response_.set(http::field::server, "busbar/" BUSBAR_VERSION);
    response_.set(http::field::content_type, answer.content_type);
    response_.set(http::field::cache_control, "no-store");
    for (const auto& [name, value] : answer.headers) response_.set(name, value);
    response_.keep_alive(keep_alive);
    response_.body() = std::move(answer.body);
    response_.prepare_payload();
    arm(&Connection::close);
    http::async_write(socket_, response_, [self = shared_from_this()](const error_code& error, std::size_t) {
        self->have_written(error);
    });
}

void Connection::have_written(const error_code& error) {
    if (!socket_.is_open()) return;
    if (error || !response_.keep_alive()) {
        close();
    } else {
        read();
    }
}

void Connection::arm(void (Connection::*expired)()) {
    deadline_ = steady_now() + step_limit;
    timer_.expires_after(step_limit);
    timer_.async_wait([weak = weak_from_this(), expired](const error_code& cancelled) {
        const auto self = weak.lock();
        if (!cancelled && self && steady_now() >= self->deadline_) (self.get()->*expired)();
    });
}

void Connection::close() {
    if (!socket_.is_open()) return;
    timer_.cancel();
    error_code ignored;
    socket_.close(ignored);
    listener_->ended(this);
}

void Listener::accept() {
    if (accepting_ || connections_.size() >= most_connections || !acceptor_.is_open()) return;
    accepting_ = true;
    acceptor_.async_accept(
        [self = shared_from_this()](const error_code& error, stream_protocol::socket socket) {
            self->accepted(error, std::move(socket));
        });
}

void Listener::accepted(const error_code& error, stream_protocol::socket socket) {
    accepting_ = false;
    if (!acceptor_.is_open()) return;
    if (error) {  // no descriptor left
        pause_.expires_after(accept_pause);
        pause_.async_wait([self = shared_from_this()](const error_code&) { self->accept(); });
        return;
    }
    const auto connection = std::make_shared<Connection>(std::move(socket), shared_from_this());
    connections_.insert(connection.get());
    connection->read();
    accept();
}

HttpResponse Listener::answer(const HttpRequest& request) const {
    try {
        return handler_(request);
    } catch (const std::exception& error) {
        log_.error("web_handler_failed", "A request could not be answered.",
                   {{"method", request.method}, {"path", request.path}, {"detail", error.what()}});
        return problem(500, "internal", "The gateway could not answer; its log says why.");
    }
}

void Listener::ended(Connection* connection) {
    connections_.erase(connection);
    accept();
}

void Listener::close() {
    error_code ignored;
    acceptor_.close(ignored);
    pause_.cancel();
    while (!connections_.empty()) (*connections_.begin())->close();
}

class UnixServer final : public ControlServer {
  public:
    UnixServer(std::shared_ptr<Listener> listener, std::string path)
        : listener_(std::move(listener)), path_(std::move(path)) {
        listener_->accept();
    }
    // What could throw is accept(), which does nothing once the listener is closed.
    ~UnixServer() override {  // NOLINT(bugprone-exception-escape)
        listener_->close();
        unlink(path_.c_str());
    }
    UnixServer(const UnixServer&) = delete;
    UnixServer& operator=(const UnixServer&) = delete;

  private:
    std::shared_ptr<Listener> listener_;
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

}  // namespace

Result<std::unique_ptr<ControlServer>> ControlServer::listen(const asio::any_io_executor& loop,
                                                             const std::string& socket_path,
                                                             HttpHandler handler, Log log) {
    if (socket_path.size() > longest_socket_path) {
        return Error{Errc::invalid, socket_path + " is too long for a socket: 107 characters is the most"};
    }
    if (const auto free = make_way(loop, socket_path); !free) return free.error();
    stream_protocol::acceptor acceptor(loop);
    if (const auto error = bind_private(acceptor, socket_path)) {
        return Error{Errc::io, fmt::format("{}: {}", socket_path, error.message())};
    }
    auto listener = std::make_shared<Listener>(std::move(acceptor), std::move(handler), std::move(log));
    return std::make_unique<UnixServer>(std::move(listener), socket_path);
}

}  // namespace busbar::gateway

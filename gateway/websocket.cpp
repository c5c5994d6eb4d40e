// SPDX-License-Identifier: Apache-2.0
// Read from top to bottom: upgrade, read, write, ping, close, end. Frames are whole text messages, never
// compressed.
#include "gateway/websocket.hpp"

#include <fmt/format.h>

#include <boost/asio/post.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <deque>
#include <optional>
#include <utility>

#include "gateway/ping_schedule.hpp"

namespace busbar::gateway {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using beast::error_code;

// How Beast closes a stream that it does not know; found by argument-dependent lookup.
void beast_close_socket(TlsStream& stream) {
    stream.close();
}
template <class Handler>
void async_teardown(beast::role_type /*role*/, TlsStream& stream, Handler&& handler) {
    stream.close();
    asio::post(stream.get_executor(),
               beast::bind_front_handler(std::forward<Handler>(handler), error_code{}));
}

namespace {

constexpr std::string_view subprotocol = "ocpp1.6";
constexpr std::size_t largest_message = 256 * 1024;
constexpr std::size_t largest_queue = 1024 * 1024;  ///< bytes that wait to be sent
constexpr std::size_t idle_buffer = 8 * 1024;       ///< a read buffer above this is given back
constexpr seconds upgrade_limit{10};
constexpr seconds close_limit{2};

}  // namespace

class WebSocket::Connection : public std::enable_shared_from_this<WebSocket::Connection> {
  public:
    Connection(asio::io_context& loop, TlsStream stream, const UpgradeRequest& request, Events events)
        : ws_(std::move(stream)),
          timer_(loop),
          events_(std::move(events)),
          pings_(request.ping_interval, request.pong_limit, steady_now()) {}

    void upgrade(UpgradeRequest request);
    [[nodiscard]] bool is_open() const { return state_ == State::open; }
    [[nodiscard]] std::uint64_t bytes_received() const { return ws_.next_layer().bytes_received(); }
    void send(std::string text);
    void set_ping_interval(seconds interval);
    void close(std::uint16_t code);
    void abandon();

  private:
    enum class State { upgrading, open, closing, ended };

    void upgraded(const error_code& error);
    void read();
    void have_read(const error_code& error);
    void write();
    void have_written(const error_code& error);
    void expect_answer();
    void ping();
    void arm(SteadyTime deadline);
    void expired();
    void end(LinkFailure failure);
    void reset(LinkFailure failure);
    [[nodiscard]] LinkFailure refusal(const error_code& error) const;
    [[nodiscard]] LinkFailure break_off(const error_code& error) const;

    websocket::stream<TlsStream, false> ws_;
    asio::steady_timer timer_;
    Events events_;
    State state_ = State::upgrading;
    SteadyTime deadline_;
    std::optional<SteadyTime> wakes_at_;  ///< of the timer, where it runs
    websocket::response_type response_;
    beast::flat_buffer buffer_;
    std::deque<std::string> queue_;
    std::size_t queued_bytes_ = 0;
    bool writing_ = false;
    bool pinging_ = false;
    PingSchedule pings_;
    websocket::close_reason close_reason_;
};

void WebSocket::Connection::upgrade(UpgradeRequest request) {
    ws_.set_option(websocket::stream_base::decorator(
        [authorization = std::move(request.authorization)](websocket::request_type& upgrade) {
            if (!authorization.empty()) upgrade.set(http::field::authorization, authorization.reveal());
            upgrade.set(http::field::sec_websocket_protocol, subprotocol);
            upgrade.set(http::field::user_agent, "busbar/" BUSBAR_VERSION);
        }));
    ws_.auto_fragment(false);
    ws_.read_message_max(largest_message);
    arm(steady_now() + upgrade_limit);
    ws_.async_handshake(response_, request.host, request.target,
                        [self = shared_from_this()](const error_code& error) { self->upgraded(error); });
}

void WebSocket::Connection::upgraded(const error_code& error) {
    if (state_ == State::ended) return;
    // The decorator holds the password.
    ws_.set_option(websocket::stream_base::decorator([](websocket::request_type&) {}));
    if (error) {
        end(refusal(error));
        return;
    }
    const auto selected = response_[http::field::sec_websocket_protocol];
    if (selected != subprotocol) {
        const std::string words = selected.empty() ? "none" : std::string(selected);
        end({LinkCause::subprotocol,
             fmt::format("asked for {}, the server selected {}", subprotocol, words)});
        return;
    }
    response_ = {};
    state_ = State::open;
    arm(pings_.next_deadline());
    read();
    events_.opened();
}

void WebSocket::Connection::read() {
    ws_.async_read(buffer_, [self = shared_from_this()](const error_code& error, std::size_t) {
        self->have_read(error);
    });
}

void WebSocket::Connection::have_read(const error_code& error) {
    if (state_ == State::ended) return;
    if (error) {
        end(break_off(error));
        return;
    }
    const auto data = buffer_.cdata();
    if (ws_.got_text()) {
        events_.received({static_cast<const char*>(data.data()), data.size()});
    } else {
        events_.ignored();
    }
    buffer_.consume(data.size());
    if (buffer_.capacity() > idle_buffer) buffer_.shrink_to_fit();
    if (state_ != State::ended) read();
}

void WebSocket::Connection::send(std::string text) {
    queued_bytes_ += text.size();
    queue_.push_back(std::move(text));
    if (queued_bytes_ > largest_queue) {
        asio::post(ws_.get_executor(), [self = shared_from_this()] {
            self->reset({LinkCause::closed, "the central system does not read: 1 MiB waits to be sent"});
        });
    } else if (!writing_) {
        write();
    }
}

void WebSocket::Connection::write() {
    if (!queue_.empty()) {
        writing_ = true;
        events_.sent(queue_.front());
        expect_answer();
        ws_.async_write(
            asio::buffer(queue_.front()),
            [self = shared_from_this()](const error_code& error, std::size_t) { self->have_written(error); });
    } else if (state_ == State::closing) {
        ws_.async_close(close_reason_, [self = shared_from_this()](const error_code& error) {
            self->end(self->break_off(error));
        });
    }
}

void WebSocket::Connection::have_written(const error_code& error) {
    writing_ = false;
    if (state_ == State::ended) return;
    if (error) {
        end(break_off(error));
        return;
    }
    queued_bytes_ -= queue_.front().size();
    queue_.pop_front();
    write();
}

void WebSocket::Connection::set_ping_interval(seconds interval) {
    pings_.set_interval(interval, steady_now());
    if (is_open()) arm(pings_.next_deadline());
}

void WebSocket::Connection::expect_answer() {
    pings_.on_sent(steady_now(), bytes_received());
    if (is_open()) arm(pings_.next_deadline());
}

void WebSocket::Connection::ping() {
    if (std::exchange(pinging_, true)) return;
    ws_.async_ping({}, [self = shared_from_this()](const error_code&) { self->pinging_ = false; });
}

void WebSocket::Connection::close(std::uint16_t code) {
    if (!is_open()) return;
    state_ = State::closing;
    close_reason_ = websocket::close_reason(code);
    arm(steady_now() + close_limit);
    if (!writing_) write();
}

void WebSocket::Connection::abandon() {
    state_ = State::ended;
    timer_.cancel();
    ws_.next_layer().abort();
}

/// Each message moves the deadline: a timer that is due before it stays, and looks again then.
void WebSocket::Connection::arm(SteadyTime deadline) {
    deadline_ = deadline;
    if (wakes_at_ && *wakes_at_ <= deadline) return;
    wakes_at_ = deadline;
    timer_.expires_after(deadline - steady_now());
    timer_.async_wait([self = shared_from_this()](const error_code& cancelled) {
        if (cancelled) return;
        self->wakes_at_.reset();
        steady_now() >= self->deadline_ ? self->expired() : self->arm(self->deadline_);
    });
}

void WebSocket::Connection::expired() {
    if (state_ == State::upgrading) {
        reset({LinkCause::timeout, "no answer to the WebSocket upgrade within 10 s"});
    } else if (state_ == State::closing) {
        reset({LinkCause::closed, "no answer to our close within 2 s"});
    } else if (state_ == State::open) {
        const auto action = pings_.due(steady_now(), bytes_received());
        if (action == PingSchedule::Action::give_up) {
            reset({LinkCause::no_pong, "not a byte came in time after a ping"});
            return;
        }
        if (action == PingSchedule::Action::ping) ping();
        arm(pings_.next_deadline());
    }
}

/// For a peer that may still hear us.
void WebSocket::Connection::end(LinkFailure failure) {
    if (std::exchange(state_, State::ended) == State::ended) return;
    timer_.cancel();
    ws_.next_layer().close();
    events_.ended(std::move(failure));
}

/// For a peer that does not answer: what it has not acknowledged must not reach it later, it will be sent
/// anew.
void WebSocket::Connection::reset(LinkFailure failure) {
    ws_.next_layer().abort();
    end(std::move(failure));
}

LinkFailure WebSocket::Connection::refusal(const error_code& error) const {
    if (error == websocket::error::upgrade_declined) {
        const auto status = static_cast<int>(response_.result_int());
        const std::string reason(response_.reason());
        return {cause_of_http(status), fmt::format("HTTP {} {}", status, reason), status};
    }
    const bool is_end = error == http::error::end_of_stream || error == http::error::partial_message;
    // An alert too: in TLS 1.3 it is only now that a server tells what it holds of our certificate.
    const bool is_from_stream = error.category() == boost::system::system_category() ||
                                error.category() == asio::error::get_ssl_category() ||
                                error == asio::error::eof;
    if (is_end || is_from_stream) return break_off(error);
    return {LinkCause::http_other, "the answer is no WebSocket upgrade: " + error.message()};
}

LinkFailure WebSocket::Connection::break_off(const error_code& error) const {
    if (error == websocket::error::closed) {
        const auto& reason = ws_.reason();
        const std::string words(reason.reason.data(), reason.reason.size());
        return {LinkCause::closed,
                fmt::format("close code {} {}", static_cast<unsigned>(reason.code), words)};
    }
    return {cause_of_socket(error), error.message()};
}

WebSocket::WebSocket(asio::io_context& loop, TlsStream stream, UpgradeRequest request, Events events)
    : connection_(std::make_shared<Connection>(loop, std::move(stream), request, std::move(events))) {
    connection_->upgrade(std::move(request));
}

WebSocket::~WebSocket() {
    connection_->abandon();
}

bool WebSocket::is_open() const {
    return connection_->is_open();
}
std::uint64_t WebSocket::bytes_received() const {
    return connection_->bytes_received();
}
void WebSocket::send(std::string text) {
    connection_->send(std::move(text));
}
void WebSocket::set_ping_interval(seconds interval) {
    connection_->set_ping_interval(interval);
}
void WebSocket::close(std::uint16_t code) {
    connection_->close(code);
}

}  // namespace busbar::gateway

// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/connection.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include "gateway/web/problem.hpp"
#include "gateway/web/response_head.hpp"

namespace busbar::gateway {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr std::size_t read_at_once = 8 * 1024;
constexpr std::size_t written_at_once = 64 * 1024;
constexpr std::size_t joined_with_head = 12 * 1024;  // one TLS record holds 16 KiB
/// A body behind a refused head: so much passes for the connection's sake.
constexpr std::uint64_t most_refused_body = 64 * 1024;
/// A reset would take the refusal from under a client that still sends: it is read on for a while.
constexpr std::size_t most_lingered = 4 * 1024 * 1024;
constexpr seconds linger_limit{3};

}  // namespace

Connection::Connection(std::unique_ptr<Channel> channel, std::shared_ptr<const HttpService> service,
                       std::string remote, Ended ended)
    : channel_(std::move(channel)),
      service_(std::move(service)),
      remote_(std::move(remote)),
      ended_(std::move(ended)),
      timer_(channel_->executor()),
      parser_(service_->most_header),
      input_(read_at_once) {}

void Connection::start(milliseconds wait) {
    waits_since_ = steady_now();
    if (wait == milliseconds(0)) return shake_hands();
    timer_.expires_after(wait);
    timer_.async_wait([self = shared_from_this()](const error_code&) {
        if (self->phase_ == Phase::opening) self->shake_hands();
    });
}

void Connection::shake_hands() {
    arm(service_->handshake, &Connection::close);
    channel_->open([self = shared_from_this()](const error_code& error, std::size_t) {
        if (self->phase_ == Phase::closed) return;
        if (error) return self->close();
        self->await_request();
    });
}

void Connection::await_request() {
    phase_ = Phase::waiting;
    waits_since_ = steady_now();
    head_seen_ = false;
    is_head_method_ = false;
    refused_.reset();
    arm(service_->idle, &Connection::close);
    advance({});
}

void Connection::read() {
    if (reading_) return;
    reading_ = true;
    channel_->read(asio::buffer(input_),
                   [self = shared_from_this()](const error_code& error, std::size_t size) {
                       self->reading_ = false;
                       if (self->phase_ == Phase::closed) return;
                       if (error) return self->close();
                       self->advance({self->input_.data(), size});
                   });
}

void Connection::advance(std::string_view bytes) {
    if (phase_ == Phase::lingering) {
        lingered_ += bytes.size();
        return lingered_ > most_lingered ? close() : read();
    }
    if (phase_ == Phase::streaming) return read();  // a client has nothing to say here but that it leaves
    while (phase_ == Phase::waiting || phase_ == Phase::reading) {
        auto bad = parser_.feed(std::exchange(bytes, {}));
        if (phase_ == Phase::waiting && (bad || parser_.begun())) {
            phase_ = Phase::reading;
            arm(service_->request, &Connection::request_expired);
        }
        pass_on_body();
        if (bad) return refuse(refused_ ? *std::move(refused_) : *std::move(bad));
        if (parser_.state() == RequestParser::State::head) return read();
        if (parser_.state() == RequestParser::State::complete) return respond();
        if (head_seen_) {
            if (refused_) parser_.request().body.clear();
            return read();
        }
        have_head();
    }
}

/// Decides on what is known before the body: whoever may not ask costs no more memory than a header.
void Connection::have_head() {
    head_seen_ = true;
    auto& head = parser_.request();
    head.remote = remote_;
    is_head_method_ = head.method == "HEAD";
    auto most_body = service_->most_body;
    refused_ = service_->admit(head, most_body);
    auto too_large = parser_.limit_body(refused_ ? most_refused_body : most_body);
    if (refused_ && (too_large || parser_.expects_continue())) return refuse(*std::move(refused_));
    if (too_large) return refuse(*std::move(too_large));
    if (head.sink) arm(service_->upload, &Connection::request_expired);
    if (parser_.expects_continue()) {
        put(std::make_shared<const std::string>("HTTP/1.1 100 Continue\r\n\r\n"));
    }
}

/// A body that is not to be in memory goes where it belongs.
void Connection::pass_on_body() {
    auto& request = parser_.request();
    if (!request.sink || request.body.empty()) return;
    request.sink->take(request.body);
    request.body.clear();
}

/// Answers what was not read to its end; nothing further can be read then.
void Connection::refuse(HttpResponse answer) {
    keep_alive_ = false;
    write(std::move(answer));
}

void Connection::request_expired() {
    refuse(problem(408, "request_timeout", "The request did not arrive in time."));
}

void Connection::respond() {
    keep_alive_ = parser_.keep_alive();
    if (refused_) return write(*std::move(refused_));
    phase_ = Phase::answering;
    arm(service_->answering, &Connection::close);
    const auto& request = parser_.request();
    HttpResponse answer;
    try {
        answer = service_->answer(request);
    } catch (const std::exception& error) {
        service_->log.error("web_handler_failed", "A request could not be answered.",
                            {{"method", request.method}, {"path", request.path}, {"detail", error.what()}});
        answer = problem(500, "internal", "The gateway could not answer; its log says why.");
    }
    if (answer.later) return answer_later(answer);
    write(std::move(answer));
}

void Connection::answer_later(const HttpResponse& answer) {
    // No read and no write is under way that would keep the connection: the timer's wait does.
    timer_.async_wait([self = shared_from_this()](const error_code&) {});
    answer.later([weak = weak_from_this()](HttpResponse late) {
        const auto self = weak.lock();
        if (self && self->phase_ == Phase::answering) self->write(std::move(late));
    });
}

void Connection::write(HttpResponse answer) {
    phase_ = Phase::answering;
    if (service_->finish) service_->finish(answer);
    const bool streams = static_cast<bool>(answer.stream);
    keep_alive_ = keep_alive_ && !streams;
    const auto body =
        answer.shared_body ? answer.shared_body : std::make_shared<const std::string>(std::move(answer.body));
    const auto length = streams ? std::nullopt : std::optional(body->size());
    auto head = std::make_shared<std::string>(head_text(answer, length, keep_alive_));
    const bool has_body = !is_head_method_ && !streams && !body->empty();
    const bool joined = has_body && body->size() <= joined_with_head;
    if (joined) *head += *body;
    put(std::move(head));
    if (has_body && !joined) put(body);
    if (!streams || is_head_method_) return;
    phase_ = Phase::streaming;
    read();
    answer.stream(shared_from_this());
}

bool Connection::send(std::string_view bytes) {
    if (phase_ != Phase::streaming || ending_) return false;
    if (queued_ > 0 && queued_ + bytes.size() > most_queued) return false;
    put(std::make_shared<const std::string>(bytes));
    return true;
}

std::size_t Connection::queued() const {
    return queued_;
}

void Connection::end() {
    if (phase_ != Phase::streaming) return;
    ending_ = true;
    if (output_.empty()) close();
}

void Connection::put(std::shared_ptr<const std::string> bytes) {
    queued_ += bytes->size();
    output_.push_back({std::move(bytes)});
    push();
}

void Connection::push() {
    if (pushing_ || output_.empty()) return;
    pushing_ = true;
    if (phase_ != Phase::reading) arm(service_->taking, &Connection::close);
    const auto& piece = output_.front();
    const auto size = std::min(piece.bytes->size() - piece.taken, written_at_once);
    channel_->write(asio::buffer(piece.bytes->data() + piece.taken, size),
                    [self = shared_from_this()](const error_code& error, std::size_t written) {
                        self->pushing_ = false;
                        if (self->phase_ == Phase::closed) return;
                        if (error) return self->close();
                        self->have_pushed(written);
                    });
}

void Connection::have_pushed(std::size_t size) {
    queued_ -= size;
    auto& piece = output_.front();
    piece.taken += size;
    if (piece.taken == piece.bytes->size()) output_.pop_front();
    if (!output_.empty()) return push();
    all_pushed();
}

void Connection::all_pushed() {
    if (phase_ == Phase::reading) return;  // that was 100 Continue
    if (phase_ == Phase::streaming) {
        timer_.cancel();
        if (ending_) close();
        return;
    }
    if (parser_.state() != RequestParser::State::complete) return linger();
    if (!keep_alive_) return close();
    parser_.next();
    await_request();
}

void Connection::linger() {
    phase_ = Phase::lingering;
    channel_->finish();
    arm(linger_limit, &Connection::close);
    read();
}

void Connection::arm(seconds wait, void (Connection::*expired)()) {
    deadline_ = steady_now() + wait;
    timer_.expires_after(wait);
    timer_.async_wait([weak = weak_from_this(), expired](const error_code& cancelled) {
        const auto self = weak.lock();
        if (!cancelled && self && steady_now() >= self->deadline_) (self.get()->*expired)();
    });
}

void Connection::close() {
    if (phase_ == Phase::closed) return;
    phase_ = Phase::closed;
    timer_.cancel();
    output_.clear();
    queued_ = 0;
    channel_->close();
    if (const auto ended = std::exchange(ended_, {})) ended(*this);
}

}  // namespace busbar::gateway

// SPDX-License-Identifier: Apache-2.0
// Read from top to bottom: wait for a turn, dial, upgrade, talk, fail, and again, for ever.
#include "gateway/csms_session.hpp"

#include <fmt/format.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "gateway/certificates/link_credentials.hpp"
#include "gateway/csms_request.hpp"
#include "gateway/link_failure.hpp"
#include "gateway/tls_dial.hpp"
#include "gateway/websocket.hpp"

namespace busbar::gateway {
namespace {

constexpr std::uint16_t going_away = 1001;
/// A server that ends a session sooner, or refuses it with 409, believes that an earlier one is still alive.
constexpr seconds proof_of_life{2};
/// A session that is to move waits so long for its answers, and looks so often.
constexpr seconds quiet_limit{10};
constexpr milliseconds quiet_look{100};
constexpr int http_conflict = 409;
constexpr int http_unauthorized = 401;

/// It may be the way to the central system that broke, not the one session.
bool is_silence(LinkCause cause) {
    return cause == LinkCause::no_pong || cause == LinkCause::timeout || cause == LinkCause::unreachable;
}

}  // namespace

class CsmsSession::Impl : public std::enable_shared_from_this<Impl> {
  public:
    Impl(const CsmsContext& context, CsmsIdentity identity)
        : context_(context),
          identity_(std::move(identity)),
          password_(identity_.password),
          log_(context.log.with("charge_point", identity_.charge_point)),
          quiet_timer_(context.loop) {}

    void start(Events events);
    void send(std::string text);
    void reconnect(std::uint16_t close_code);
    void set_password(Secret password);
    void set_ping_interval(seconds interval);
    void stop(std::function<void()> done);
    void move(Move how);
    void abandon();
    [[nodiscard]] LinkStatus status() const;

  private:
    void dial();
    void dialled(Dialled& dialled);
    void upgrade(TlsStream stream);
    void hand_over(SteadyTime latest);
    void give_up_next();
    void break_off();
    [[nodiscard]] bool is_moving() const { return socket_ != nullptr && socket_->is_open(); }
    [[nodiscard]] seconds ping_interval() const;
    void opened();
    void received(std::string_view text);
    void sent(std::string_view text);
    void ignored();
    void ended(const LinkFailure& failure);
    void redial(const LinkFailure& failure, bool was_connected);
    void report(const LinkFailure& failure);
    void stopped();
    void enter(LinkState state);
    void trace(TraceKind kind, std::string_view text) const;
    WebSocket::Events socket_events();

    /// A call to a member that keeps this alive while it runs and does nothing once it is gone.
    template <class Member>
    auto while_alive(Member member) {
        return [weak = weak_from_this(), member](auto&&... arguments) {
            if (const auto self = weak.lock()) std::invoke(member, *self, arguments...);
        };
    }

    const CsmsContext context_;
    const CsmsIdentity identity_;
    Secret password_;  ///< in use
    Secret fallback_;  ///< empty: none
    const Log log_;
    Events events_;
    std::optional<Dialer::Caller> caller_;
    Path path_;  ///< of the newest dial
    std::shared_ptr<TlsDial> dial_;
    std::unique_ptr<WebSocket> socket_;
    std::vector<std::string> chain_;  ///< by which the newest peer was verified
    std::string socket_uplink_;
    std::string socket_device_;
    std::optional<TlsStream> next_stream_;  ///< on the new uplink, while the old connection ends
    boost::asio::steady_timer quiet_timer_;
    std::vector<LogField> peer_;  ///< for the log: whom we are connected to, and how
    FailureStreak streak_;
    LinkStatus status_;
    seconds ping_interval_{0};
    bool planned_ = false;  ///< the connection is being closed by us, to be dialled again
    std::function<void()> when_stopped_;
};

void CsmsSession::Impl::start(Events events) {
    events_ = std::move(events);
    caller_ = context_.dialer.join(while_alive(&Impl::dial));
    enter(LinkState::waiting);
    context_.dialer.dial_now(*caller_);
}

/// A turn to dial. While a connection still works the new one is made beside it, up to TLS.
void CsmsSession::Impl::dial() {
    if (!is_moving()) enter(LinkState::dialling);
    path_ = context_.path();
    DialLimits limits;
    if (identity_.credentials != nullptr) limits.who = identity_.credentials->next();
    const bool mutual = limits.who && limits.who->security_profile == 3;
    status_.shown = mutual ? Shown::certificate : Shown::password;
    dial_ = std::make_shared<TlsDial>(context_.loop, path_, context_.tls, context_.url.host,
                                      context_.url.port, std::move(limits));
    dial_->start(while_alive(&Impl::dialled));
}

void CsmsSession::Impl::dialled(Dialled& dialled) {
    dial_.reset();
    if (dialled.failure) {
        if (context_.doubt) context_.doubt(path_.uplink);
        if (!is_moving()) return redial(*dialled.failure, false);
        context_.dialer.withdraw(*caller_);
        log_.debug("move_failed", "The new uplink did not take the session; it stays on the old one.",
                   {{"uplink", path_.uplink}, {"detail", dialled.failure->detail}});
    } else if (is_moving()) {
        next_stream_ = std::move(dialled.stream);
        hand_over(steady_now() + quiet_limit);
    } else {
        upgrade(*std::move(dialled.stream));
    }
}

/// Waits for the answers that are under way, then closes the old connection; ended() goes on with the new
/// one.
void CsmsSession::Impl::hand_over(SteadyTime latest) {
    if (!next_stream_ || !is_moving()) return;
    if (steady_now() >= latest || !events_.quiet || events_.quiet()) {
        planned_ = true;
        socket_->close(going_away);
        return;
    }
    quiet_timer_.expires_after(quiet_look);
    quiet_timer_.async_wait([weak = weak_from_this(), latest](const boost::system::error_code& cancelled) {
        const auto self = weak.lock();
        if (!cancelled && self) self->hand_over(latest);
    });
}

void CsmsSession::Impl::upgrade(TlsStream stream) {
    peer_ = {{"address", stream.peer_address()},
             {"tls", SSL_get_version(&stream.ssl())},
             {"cipher", SSL_get_cipher_name(&stream.ssl())}};
    if (!path_.uplink.empty()) peer_.push_back({"uplink", path_.uplink});
    socket_uplink_ = path_.uplink;
    socket_device_ = path_.device;
    chain_ = verified_chain(stream.ssl());
    UpgradeRequest request{request_host(context_.url), request_target(context_.url, identity_.charge_point),
                           Secret(), ping_interval(), path_.pong_limit};
    if (status_.shown == Shown::password) {
        request.authorization =
            basic_authorization(identity_.charge_point, password_, identity_.password_encoding);
    }
    socket_ =
        std::make_unique<WebSocket>(context_.loop, std::move(stream), std::move(request), socket_events());
}

seconds CsmsSession::Impl::ping_interval() const {
    return ping_interval_ > 0s ? std::min(ping_interval_, path_.ping_interval) : path_.ping_interval;
}

WebSocket::Events CsmsSession::Impl::socket_events() {
    return {.opened = while_alive(&Impl::opened),
            .received = while_alive(&Impl::received),
            .sent = while_alive(&Impl::sent),
            .ignored = while_alive(&Impl::ignored),
            .ended = while_alive(&Impl::ended)};
}

void CsmsSession::Impl::opened() {
    context_.dialer.succeeded(*caller_);
    if (identity_.credentials != nullptr) identity_.credentials->worked(chain_);
    enter(LinkState::connected);
    status_.cause.clear();
    status_.detail.clear();
    if (streak_.connected()) log_.info("link_connected", "Connected to the central system.", peer_);
    events_.connected();
}

void CsmsSession::Impl::received(std::string_view text) {
    trace(TraceKind::ocpp_received, text);
    events_.frame(text);
}

void CsmsSession::Impl::sent(std::string_view text) {
    trace(TraceKind::ocpp_sent, text);
}

void CsmsSession::Impl::ignored() {
    ++status_.ignored_frames;
}

void CsmsSession::Impl::ended(const LinkFailure& failure) {
    const bool was_connected = status_.state == LinkState::connected;
    socket_.reset();
    if (when_stopped_) {
        enter(LinkState::stopped);
    } else {
        redial(failure, was_connected);
    }
    if (was_connected) events_.disconnected();
    if (status_.state == LinkState::stopped) stopped();
}

void CsmsSession::Impl::redial(const LinkFailure& failure, bool was_connected) {
    const bool proved_itself = was_connected && steady_now() - status_.since >= proof_of_life;
    const bool planned = std::exchange(planned_, false);
    if (proved_itself || planned) streak_.ended();
    if (next_stream_) {
        enter(LinkState::dialling);
        return upgrade(*std::exchange(next_stream_, std::nullopt));
    }
    enter(dial_ ? LinkState::dialling : LinkState::waiting);
    if (dial_) return;
    if (planned) return context_.dialer.dial_now(*caller_);
    if (is_silence(failure.cause) && context_.doubt) context_.doubt(socket_uplink_);
    report(failure);
    if (!was_connected && identity_.credentials != nullptr) identity_.credentials->failed(failure);
    const bool by_dates = failure.cause == LinkCause::expired || failure.cause == LinkCause::not_yet_valid;
    if (by_dates && context_.doubt_clock) context_.doubt_clock();
    if (failure.http_status == http_unauthorized && !fallback_.empty()) std::swap(password_, fallback_);
    const bool duplicate = failure.http_status == http_conflict || (was_connected && !proved_itself);
    if (duplicate) {
        context_.dialer.dial_after_duplicate(*caller_);
    } else {
        context_.dialer.dial_after_failure(*caller_);
    }
}

void CsmsSession::Impl::report(const LinkFailure& failure) {
    status_.cause = to_string(failure.cause);
    status_.detail = failure.detail;
    const std::string text = cure(failure, identity_.charge_point, context_.url.host, status_.shown);
    const std::vector<LogField> fields{{"cause", status_.cause}, {"detail", failure.detail}};
    switch (streak_.failed(failure.cause)) {
        case FailureStreak::Line::first:
            log_.warning("link_failed", text, fields);
            break;
        case FailureStreak::Line::new_cause:
            log_.info("link_cause_changed", text, fields);
            break;
        case FailureStreak::Line::none:
            return log_.debug("link_still_failing", text, fields);
    }
    if (events_.failing) events_.failing(failure);
}

void CsmsSession::Impl::send(std::string text) {
    if (socket_ && socket_->is_open()) socket_->send(std::move(text));
}

void CsmsSession::Impl::reconnect(std::uint16_t close_code) {
    give_up_next();  // it shows what was wanted when it began
    if (is_moving()) {
        planned_ = true;
        socket_->close(close_code);
    } else if (status_.state == LinkState::waiting || status_.state == LinkState::dialling) {
        break_off();
        context_.dialer.dial_now(*caller_);
    }
}

void CsmsSession::Impl::set_password(Secret password) {
    if (password == password_) return;
    fallback_ = std::exchange(password_, std::move(password));
}

void CsmsSession::Impl::set_ping_interval(seconds interval) {
    ping_interval_ = interval;
    if (socket_) socket_->set_ping_interval(ping_interval());
}

void CsmsSession::Impl::move(Move how) {
    if (!caller_ || when_stopped_ || how == Move::none) return;
    give_up_next();
    const bool stays_up = how == Move::planned && is_moving();
    if (!stays_up) break_off();
    const Path& path = context_.path();
    const bool is_there = stays_up && socket_uplink_ == path.uplink && socket_device_ == path.device;
    is_there ? context_.dialer.withdraw(*caller_) : context_.dialer.dial_now(*caller_);
}

/// The connection that was to follow: its path is no longer the right one.
void CsmsSession::Impl::give_up_next() {
    if (dial_) dial_->cancel();
    dial_.reset();
    next_stream_.reset();
    quiet_timer_.cancel();
}

/// Nothing of the connection reaches the central system any more: a dead socket that is closed politely would
/// deliver its buffer when the line heals, after the messages in it were sent anew.
void CsmsSession::Impl::break_off() {
    const bool was_connected = status_.state == LinkState::connected;
    socket_.reset();
    planned_ = false;
    streak_.ended();
    enter(LinkState::waiting);
    if (was_connected) events_.disconnected();
}

void CsmsSession::Impl::stop(std::function<void()> done) {
    when_stopped_ = std::move(done);
    if (status_.state == LinkState::connected) {
        if (socket_->is_open()) socket_->close(going_away);
        return;
    }
    abandon();
    enter(LinkState::stopped);
    boost::asio::post(context_.loop, while_alive(&Impl::stopped));
}

void CsmsSession::Impl::stopped() {
    if (const auto done = std::exchange(when_stopped_, nullptr)) done();
}

void CsmsSession::Impl::abandon() {
    give_up_next();
    socket_.reset();
    if (caller_) context_.dialer.leave(*caller_);
    caller_.reset();
}

LinkStatus CsmsSession::Impl::status() const {
    LinkStatus status = status_;
    if (caller_) status.next_dial = context_.dialer.due(*caller_);
    if (socket_) {
        status.uplink = socket_uplink_;
        status.bytes_received = socket_->bytes_received();
    }
    return status;
}

void CsmsSession::Impl::enter(LinkState state) {
    status_.state = state;
    status_.since = steady_now();
}

void CsmsSession::Impl::trace(TraceKind kind, std::string_view text) const {
    if (!context_.trace) return;
    context_.trace({kind, steady_now(), identity_.charge_point, std::string(text), {}});
}

CsmsSession::CsmsSession(const CsmsContext& context, CsmsIdentity identity)
    : impl_(std::make_shared<Impl>(context, std::move(identity))) {}

CsmsSession::~CsmsSession() {
    impl_->abandon();
}

void CsmsSession::start(Events events) {
    impl_->start(std::move(events));
}
void CsmsSession::send(std::string text) {
    impl_->send(std::move(text));
}
void CsmsSession::reconnect(std::uint16_t close_code) {
    impl_->reconnect(close_code);
}
void CsmsSession::set_password(Secret password) {
    impl_->set_password(std::move(password));
}
void CsmsSession::set_ping_interval(seconds interval) {
    impl_->set_ping_interval(interval);
}
void CsmsSession::stop(std::function<void()> done) {
    impl_->stop(std::move(done));
}
LinkStatus CsmsSession::status() const {
    return impl_->status();
}
void CsmsSession::move(Move how) {
    impl_->move(how);
}

}  // namespace busbar::gateway

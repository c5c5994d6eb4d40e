// SPDX-License-Identifier: Apache-2.0
#include "gateway/dialer.hpp"

#include <algorithm>

#include "gateway/backoff.hpp"

namespace busbar::gateway {
namespace {

/// Asio asks for a timer that is due at once by an absolute time, which a faked clock in the past puts off
/// for years.
constexpr milliseconds soonest{1};

}  // namespace

Dialer::Dialer(boost::asio::io_context& loop, milliseconds backoff_first, milliseconds backoff_max)
    : queue_(backoff_first, backoff_max, random_fraction()), timer_(loop) {}

Dialer::Caller Dialer::join(std::function<void()> turn) {
    const Caller caller = queue_.join();
    turns_.emplace(caller, std::move(turn));
    return caller;
}

void Dialer::leave(Caller caller) {
    queue_.leave(caller);
    turns_.erase(caller);
    arm();
}

void Dialer::dial_now(Caller caller) {
    queue_.want_now(caller, steady_now());
    arm();
}

void Dialer::dial_after_failure(Caller caller) {
    queue_.want_after_failure(caller, steady_now());
    arm();
}

void Dialer::dial_after_duplicate(Caller caller) {
    queue_.want_after_duplicate(caller, steady_now());
    arm();
}

void Dialer::succeeded(Caller caller) {
    queue_.succeeded(caller, steady_now());
    arm();
}

void Dialer::hurry() {
    queue_.hurry(steady_now());
    arm();
}

void Dialer::withdraw(Caller caller) {
    queue_.withdraw(caller);
    arm();
}

void Dialer::hold(Hold reason, bool held) {
    const bool changed = held ? held_.insert(reason).second : held_.erase(reason) > 0;
    if (changed) arm();
}

void Dialer::arm() {
    const auto deadline = queue_.next_deadline();
    if (!deadline || !held_.empty()) {
        timer_.cancel();
        return;
    }
    timer_.expires_after(std::max<SteadyTime::duration>(*deadline - steady_now(), soonest));
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (!error) start_due();
    });
}

void Dialer::start_due() {
    const auto caller = queue_.start_next(steady_now());
    arm();
    if (caller) turns_.at (*caller)();
}

}  // namespace busbar::gateway

// SPDX-License-Identifier: Apache-2.0
#include "gateway/ping_schedule.hpp"

#include <algorithm>

namespace busbar::gateway {
namespace {

seconds effective(seconds interval) {
    return interval > 0s ? std::min(interval, longest_ping_interval) : longest_ping_interval;
}

}  // namespace

PingSchedule::PingSchedule(seconds interval, seconds pong_limit, SteadyTime now)
    : interval_(effective(interval)), pong_limit_(pong_limit), next_ping_(now + interval_) {}

void PingSchedule::on_sent(SteadyTime now, std::uint64_t bytes_received) {
    if (pong_due_ || answer_due_) return;
    answer_due_ = now + milliseconds(pong_limit_) / 5;
    received_at_sent_ = bytes_received;
}

/// Nothing has come since the first message that is not answered yet.
bool PingSchedule::is_silent(SteadyTime now, std::uint64_t bytes_received) {
    if (answer_due_ && bytes_received != received_at_sent_) answer_due_.reset();
    if (!answer_due_ || now < *answer_due_) return false;
    answer_due_.reset();
    return true;
}

PingSchedule::Action PingSchedule::due(SteadyTime now, std::uint64_t bytes_received) {
    if (pong_due_ && bytes_received != received_at_ping_) pong_due_.reset();
    if (pong_due_ && now >= *pong_due_) return Action::give_up;
    const bool is_silent = this->is_silent(now, bytes_received);
    if (now < next_ping_ && (!is_silent || pong_due_)) return Action::none;
    next_ping_ = now + interval_;
    if (!pong_due_) {
        pong_due_ = now + pong_limit_;
        received_at_ping_ = bytes_received;
    }
    return Action::ping;
}

SteadyTime PingSchedule::next_deadline() const {
    return std::min({next_ping_, pong_due_.value_or(next_ping_), answer_due_.value_or(next_ping_)});
}

void PingSchedule::set_interval(seconds interval, SteadyTime now) {
    interval_ = effective(interval);
    next_ping_ = now + interval_;
}

}  // namespace busbar::gateway

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

PingSchedule::Action PingSchedule::due(SteadyTime now, std::uint64_t bytes_received) {
    if (pong_due_ && bytes_received != received_at_ping_) pong_due_.reset();
    if (pong_due_ && now >= *pong_due_) return Action::give_up;
    if (now < next_ping_) return Action::none;
    next_ping_ = now + interval_;
    if (!pong_due_) {
        pong_due_ = now + pong_limit_;
        received_at_ping_ = bytes_received;
    }
    return Action::ping;
}

SteadyTime PingSchedule::next_deadline() const {
    return pong_due_ ? std::min(next_ping_, *pong_due_) : next_ping_;
}

void PingSchedule::set_interval(seconds interval, SteadyTime now) {
    interval_ = effective(interval);
    next_ping_ = now + interval_;
}

}  // namespace busbar::gateway

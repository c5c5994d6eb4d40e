// SPDX-License-Identifier: Apache-2.0
#include "ocpp/clock_sampler.hpp"

namespace busbar::ocpp {
namespace {

/// The first grid time after `at`.
UtcTime grid_after(UtcTime at, seconds interval) {
    const auto midnight = std::chrono::floor<std::chrono::days>(at);
    const auto next = midnight + ((at - midnight) / interval + 1) * interval;
    const UtcTime next_midnight = midnight + std::chrono::days(1);
    return std::min<UtcTime>(next, next_midnight);
}

}  // namespace

ClockSampler::Decision ClockSampler::decide(const Now& now, seconds interval, bool fresh) {
    Decision decision;
    if (interval == 0s || !now.utc) {
        *this = {};
        return decision;
    }
    const bool stepped_back = due_ && *due_ > *now.utc + interval;
    if (!due_ || interval != interval_ || stepped_back) {
        due_ = grid_after(*now.utc, interval);
        interval_ = interval;
        refreshing_ = false;
    }
    if (*now.utc >= *due_) {
        const bool too_late = *now.utc >= *due_ + give_up_after;
        if (fresh && !too_late) decision.sample = due_;
        if (decision.sample || too_late) {
            due_ = grid_after(*now.utc, interval);
            refreshing_ = false;
        } else if (!refreshing_) {
            refreshing_ = true;
            decision.refresh = true;
        }
    }
    deadline_ = now.steady + (*due_ + (refreshing_ ? give_up_after : 0s) - *now.utc);
    return decision;
}

}  // namespace busbar::ocpp

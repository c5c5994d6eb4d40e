// SPDX-License-Identifier: Apache-2.0
#include "ocpp/charging_hours.hpp"

#include <algorithm>
#include <utility>

namespace busbar::ocpp {
namespace {

using std::chrono::days;
using std::chrono::minutes;

/// Clocks are put forward or back at a quarter of an hour of UTC.
constexpr minutes longest_step{15};
constexpr days horizon{9};  ///< a week, and the day into which its last span goes on

struct LocalTime {
    unsigned day;  ///< 0: Monday
    UtcTime::duration since_midnight;
};

LocalTime local_time(UtcTime at, seconds offset) {
    const auto local = at + offset;
    const auto midnight = std::chrono::floor<days>(local);
    return {std::chrono::weekday(midnight).iso_encoding() - 1, local - midnight};
}

bool ends_next_day(const WeeklySpan& span) {
    return span.to <= span.from;
}

bool contains(const WeeklySpan& span, const LocalTime& time) {
    const bool began_today = span.days.test(time.day) && time.since_midnight >= span.from;
    if (!ends_next_day(span)) return began_today && time.since_midnight < span.to;
    return began_today || (span.days.test((time.day + 6) % 7) && time.since_midnight < span.to);
}

}  // namespace

ChargingHours::ChargingHours(std::vector<WeeklySpan> spans, LocalOffset offset)
    : spans_(std::move(spans)), offset_(std::move(offset)) {}

bool ChargingHours::open_at(UtcTime at) const {
    if (!any()) return true;
    const LocalTime time = local_time(at, offset_(at));
    return std::any_of(spans_.begin(), spans_.end(),
                       [&](const WeeklySpan& span) { return contains(span, time); });
}

/// Not later than the next instant at which anything may change.
UtcTime ChargingHours::next_look(UtcTime at) const {
    UtcTime next = std::chrono::floor<minutes>(at);
    next += longest_step - next.time_since_epoch() % longest_step;
    const auto since_midnight = local_time(at, offset_(at)).since_midnight;
    for (const auto& span : spans_) {
        for (const minutes boundary : {span.from, span.to}) {
            if (boundary > since_midnight) next = std::min(next, at + (boundary - since_midnight));
        }
    }
    return next;
}

std::optional<UtcTime> ChargingHours::next_change(UtcTime at) const {
    if (!any()) return std::nullopt;
    const bool now = open_at(at);
    for (UtcTime look = next_look(at); look < at + horizon; look = next_look(look)) {
        if (open_at(look) != now) return look;
    }
    return std::nullopt;
}

}  // namespace busbar::ocpp

// SPDX-License-Identifier: Apache-2.0
#include "gateway/timekeeper.hpp"

#include <algorithm>
#include <array>

namespace busbar::gateway {
namespace {

/// A clock that nobody confirmed and that is further off than this from what was heard is wrong.
constexpr seconds agreement{10};
constexpr std::chrono::days ten_years{3653};
constexpr std::array<std::string_view, 6> words{"none", "floor", "rtc", "network", "ocpp", "ntp"};

}  // namespace

std::string_view to_string(TimeSource source) {
    return words[static_cast<std::size_t>(source)];
}

Timekeeper::Timekeeper(UtcTime release, std::optional<UtcTime> kept)
    : release_(release), floor_(std::max(release, kept.value_or(release))) {}

bool Timekeeper::can_be(UtcTime utc) const {
    return utc >= release_ && utc <= release_ + ten_years;
}

std::optional<UtcTime> Timekeeper::heard_time(SteadyTime steady) const {
    if (!heard_) return std::nullopt;
    return heard_->utc + std::chrono::duration_cast<milliseconds>(steady - heard_->at);
}

TimeSource Timekeeper::source(const SystemClock& system) const {
    if (system.synchronised && can_be(system.utc)) return TimeSource::ntp;
    if (heard_) return heard_->from;
    if (can_be(system.utc) && system.utc >= floor_) return TimeSource::rtc;
    return floor_ > release_ ? TimeSource::floor : TimeSource::none;
}

Now Timekeeper::now(SteadyTime steady, const SystemClock& system) const {
    switch (source(system)) {
        case TimeSource::ntp:
        case TimeSource::rtc:
            return {steady, system.utc};
        case TimeSource::network:
        case TimeSource::ocpp: {
            const UtcTime heard = *heard_time(steady);
            const auto apart = std::chrono::abs(heard - system.utc);
            return {steady, apart <= agreement ? system.utc : heard};
        }
        case TimeSource::none:
        case TimeSource::floor:
            break;
    }
    return {steady, std::nullopt};
}

UtcTime Timekeeper::verification_time(SteadyTime steady, const SystemClock& system) const {
    return now(steady, system).utc.value_or(std::max(system.utc, floor_));
}

bool Timekeeper::offer(UtcTime utc, TimeSource from, SteadyTime steady) {
    const UtcTime earliest = from == TimeSource::network ? floor_ : release_;
    if (!can_be(utc) || utc < earliest || (heard_ && heard_->from > from)) return false;
    heard_ = Heard{utc, steady, from};
    return true;
}

std::optional<UtcTime> Timekeeper::next_floor(SteadyTime steady, const SystemClock& system) const {
    if (source(system) < TimeSource::network) return std::nullopt;
    return now(steady, system).utc;
}

}  // namespace busbar::gateway

// SPDX-License-Identifier: Apache-2.0
#include "ocpp/schedule.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace busbar::ocpp {
namespace {

/// The stretch of time the schedule's periods count from.
struct Occurrence {
    UtcTime start;
    std::optional<UtcTime> end;   ///< after it the schedule says nothing
    std::optional<UtcTime> next;  ///< start of the next one, of Recurring profiles
};

/// Days and weeks of UTC: no clock is ever put forward in them.
seconds recurrence_of(const ChargingProfile& profile) {
    return profile.recurrencyKind == RecurrencyKindType::Weekly ? seconds(7 * 86'400) : seconds(86'400);
}

bool names_its_start(const ChargingProfile& profile) {
    return profile.chargingProfileKind != ChargingProfileKindType::Relative &&
           profile.chargingSchedule.startSchedule;
}

std::optional<UtcTime> start_of(const ChargingProfile& profile, const ScheduleAnchor& anchor) {
    if (names_its_start(profile)) return profile.chargingSchedule.startSchedule;
    const bool of_transaction =
        profile.chargingProfilePurpose != ChargingProfilePurposeType::ChargePointMaxProfile;
    return of_transaction ? anchor.transaction_start : anchor.installed;
}

Occurrence occurrence_at(const ChargingProfile& profile, UtcTime start, UtcTime at) {
    Occurrence occurrence{start, std::nullopt, std::nullopt};
    if (profile.chargingProfileKind == ChargingProfileKindType::Recurring && at >= start) {
        const auto recurrence = recurrence_of(profile);
        occurrence.start += (at - start) / recurrence * recurrence;
        occurrence.next = occurrence.start + recurrence;
        occurrence.end = occurrence.next;
    }
    if (profile.chargingSchedule.duration) {
        const UtcTime end = occurrence.start + seconds(*profile.chargingSchedule.duration);
        occurrence.end = earlier(occurrence.end, end);
    }
    return occurrence;
}

ScheduleState state_within(const ChargingSchedule& schedule, const Occurrence& occurrence, UtcTime at) {
    if (at < occurrence.start) return {std::nullopt, occurrence.start};
    if (occurrence.end && at >= *occurrence.end) return {std::nullopt, occurrence.next};
    const auto& periods = schedule.chargingSchedulePeriod;
    const auto next = std::upper_bound(
        periods.begin(), periods.end(), at - occurrence.start,
        [](auto into, const ChargingSchedulePeriod& period) { return into < seconds(period.startPeriod); });
    ScheduleState state{std::nullopt, occurrence.end};
    if (next != periods.begin()) state.period = *std::prev(next);
    if (next != periods.end()) {
        state.next_change = earlier(state.next_change, occurrence.start + seconds(next->startPeriod));
    }
    return state;
}

struct Impossibility {
    std::string_view text;
    bool (*found_in)(const ChargingProfile&);
};

template <class Predicate>
bool any_period(const ChargingProfile& profile, Predicate predicate) {
    const auto& periods = profile.chargingSchedule.chargingSchedulePeriod;
    return std::any_of(periods.begin(), periods.end(), predicate);
}

bool starts_out_of_order(const ChargingProfile& profile) {
    const auto& periods = profile.chargingSchedule.chargingSchedulePeriod;
    return std::adjacent_find(periods.begin(), periods.end(), [](const auto& a, const auto& b) {
               return a.startPeriod >= b.startPeriod;
           }) != periods.end();
}

bool is_recurring(const ChargingProfile& profile) {
    return profile.chargingProfileKind == ChargingProfileKindType::Recurring;
}

/// Of schedules that have periods.
constexpr std::array impossibilities{
    Impossibility{"the first startPeriod must be 0",
                  [](const ChargingProfile& profile) {
                      return profile.chargingSchedule.chargingSchedulePeriod.front().startPeriod != 0;
                  }},
    Impossibility{"startPeriod must rise", starts_out_of_order},
    Impossibility{"limit below 0",
                  [](const ChargingProfile& profile) {
                      return any_period(profile, [](const auto& period) { return !(period.limit >= 0); });
                  }},
    Impossibility{"numberPhases below 1",  // more than there are is no error: the limit counts as given (R83)
                  [](const ChargingProfile& profile) {
                      return any_period(
                          profile, [](const auto& period) { return period.numberPhases.value_or(1) < 1; });
                  }},
    Impossibility{"minChargingRate below 0",
                  [](const ChargingProfile& profile) {
                      return profile.chargingSchedule.minChargingRate.value_or(0) < 0;
                  }},
    Impossibility{
        "duration below 0",
        [](const ChargingProfile& profile) { return profile.chargingSchedule.duration.value_or(0) < 0; }},
    Impossibility{"validTo must be after validFrom",
                  [](const ChargingProfile& profile) {
                      return profile.validFrom && profile.validTo && *profile.validTo <= *profile.validFrom;
                  }},
    Impossibility{"recurrencyKind goes with Recurring",
                  [](const ChargingProfile& profile) {
                      return is_recurring(profile) != profile.recurrencyKind.has_value();
                  }},
    Impossibility{"Recurring needs startSchedule",
                  [](const ChargingProfile& profile) {
                      return is_recurring(profile) && !profile.chargingSchedule.startSchedule;
                  }},
};

}  // namespace

ScheduleState state_at(const ChargingProfile& profile, const ScheduleAnchor& anchor, UtcTime at) {
    if (profile.validFrom && at < *profile.validFrom) return {std::nullopt, profile.validFrom};
    if (profile.validTo && at >= *profile.validTo) return {};
    const auto start = start_of(profile, anchor);
    if (!start) return {};
    // What a schedule hangs on has happened: a clock put back to before it does not undo it.
    const UtcTime instant = names_its_start(profile) ? at : std::max(at, *start);
    ScheduleState state =
        state_within(profile.chargingSchedule, occurrence_at(profile, *start, instant), instant);
    state.next_change = earlier(state.next_change, profile.validTo);
    return state;
}

std::optional<UtcTime> earlier(std::optional<UtcTime> a, std::optional<UtcTime> b) {
    if (!a || !b) return a ? a : b;
    return std::min(*a, *b);
}

std::optional<std::string> schedule_problem(const ChargingProfile& profile, int most_periods) {
    const auto& periods = profile.chargingSchedule.chargingSchedulePeriod;
    if (periods.empty() || periods.size() > static_cast<std::size_t>(most_periods))
        return "number of periods";
    const auto* const found = std::find_if(impossibilities.begin(), impossibilities.end(),
                                           [&](const Impossibility& one) { return one.found_in(profile); });
    if (found == impossibilities.end()) return std::nullopt;
    return std::string(found->text);
}

}  // namespace busbar::ocpp

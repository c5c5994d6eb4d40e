// SPDX-License-Identifier: Apache-2.0
#include "ocpp/schedule.hpp"

#include <algorithm>
#include <limits>

namespace busbar::ocpp {
namespace {

/// The stretch of time the schedule's periods count from.
struct Occurrence {
    UtcTime start;
    std::optional<UtcTime> end;   ///< after it the schedule says nothing
    std::optional<UtcTime> next;  ///< start of the next one, of Recurring profiles
};

seconds recurrence_of(const ChargingProfile& profile) {
    return profile.recurrencyKind == RecurrencyKindType::Weekly ? seconds(7 * 86'400) : seconds(86'400);
}

std::optional<UtcTime> start_of(const ChargingProfile& profile, const ScheduleAnchor& anchor) {
    const bool of_transaction =
        profile.chargingProfilePurpose != ChargingProfilePurposeType::ChargePointMaxProfile;
    const bool relative = profile.chargingProfileKind == ChargingProfileKindType::Relative;
    if (!relative && profile.chargingSchedule.startSchedule) return profile.chargingSchedule.startSchedule;
    return of_transaction ? anchor.transaction_start : anchor.installed;
}

std::optional<Occurrence> occurrence_at(const ChargingProfile& profile, const ScheduleAnchor& anchor,
                                        UtcTime at) {
    const auto start = start_of(profile, anchor);
    if (!start) return std::nullopt;
    Occurrence occurrence{*start, std::nullopt, std::nullopt};
    if (profile.chargingProfileKind == ChargingProfileKindType::Recurring && at >= *start) {
        const auto recurrence = recurrence_of(profile);
        occurrence.start += (at - *start) / recurrence * recurrence;
        occurrence.next = occurrence.start + recurrence;
        occurrence.end = occurrence.next;
    }
    if (profile.chargingSchedule.duration) {
        const UtcTime end = occurrence.start + seconds(*profile.chargingSchedule.duration);
        occurrence.end = occurrence.end ? std::min(*occurrence.end, end) : end;
    }
    return occurrence;
}

std::optional<UtcTime> earlier(std::optional<UtcTime> a, std::optional<UtcTime> b) {
    if (!a || !b) return a ? a : b;
    return std::min(*a, *b);
}

ScheduleState state_within(const ChargingProfile& profile, const Occurrence& occurrence, UtcTime at) {
    if (at < occurrence.start) return {std::nullopt, occurrence.start};
    if (occurrence.end && at >= *occurrence.end) return {std::nullopt, occurrence.next};
    ScheduleState state;
    state.next_change = occurrence.end;
    for (const auto& period : profile.chargingSchedule.chargingSchedulePeriod) {
        const UtcTime begins = occurrence.start + seconds(period.startPeriod);
        if (begins > at) {
            state.next_change = earlier(state.next_change, begins);
            break;
        }
        state.period = period;
    }
    return state;
}

}  // namespace

ScheduleState state_at(const ChargingProfile& profile, const ScheduleAnchor& anchor, UtcTime at) {
    if (profile.validFrom && at < *profile.validFrom) return {std::nullopt, profile.validFrom};
    if (profile.validTo && at >= *profile.validTo) return {};
    const auto occurrence = occurrence_at(profile, anchor, at);
    if (!occurrence) return {};
    ScheduleState state = state_within(profile, *occurrence, at);
    state.next_change = earlier(state.next_change, profile.validTo);
    return state;
}

std::optional<std::string> schedule_problem(const ChargingProfile& profile, int most_periods) {
    const auto& periods = profile.chargingSchedule.chargingSchedulePeriod;
    if (periods.empty() || periods.size() > static_cast<std::size_t>(most_periods))
        return "number of periods";
    if (periods.front().startPeriod != 0) return "the first startPeriod must be 0";
    const auto in_order = [](const auto& a, const auto& b) { return a.startPeriod < b.startPeriod; };
    for (std::size_t i = 1; i < periods.size(); ++i) {
        if (!in_order(periods[i - 1], periods[i])) return "startPeriod must rise";
    }
    const auto negative = [](const auto& period) { return period.limit < 0; };
    if (std::any_of(periods.begin(), periods.end(), negative)) return "limit below 0";
    if (profile.chargingSchedule.duration.value_or(0) < 0) return "duration below 0";
    const bool recurring = profile.chargingProfileKind == ChargingProfileKindType::Recurring;
    if (recurring != profile.recurrencyKind.has_value()) return "recurrencyKind goes with Recurring";
    if (recurring && !profile.chargingSchedule.startSchedule) return "Recurring needs startSchedule";
    return std::nullopt;
}

ChargingSchedulePeriod lowest_period(const ChargingProfile& profile) {
    const auto& periods = profile.chargingSchedule.chargingSchedulePeriod;
    return *std::min_element(periods.begin(), periods.end(),
                             [](const auto& a, const auto& b) { return a.limit < b.limit; });
}

}  // namespace busbar::ocpp

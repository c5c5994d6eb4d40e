// SPDX-License-Identifier: Apache-2.0
// One charging profile on the time line: which of its periods is in force at an instant (OCPP 1.6
// sections 3.13, 7.13).
#pragma once

#include <optional>

#include "ocpp/messages.hpp"

namespace busbar::ocpp {

/// What Relative schedules and those without startSchedule begin with.
struct ScheduleAnchor {
    UtcTime installed;                         ///< of a ChargePointMaxProfile
    std::optional<UtcTime> transaction_start;  ///< of a TxProfile or TxDefaultProfile; empty: it says nothing
};

struct ScheduleState {
    std::optional<ChargingSchedulePeriod> period;  ///< empty: the profile says nothing now
    std::optional<UtcTime> next_change;            ///< until then nothing changes; always after the instant
};

/// Validity, occurrences and periods are half open: their first instant belongs to them, their end does not.
/// A Recurring profile begins with its startSchedule, not before, and comes round every 86,400 s or 604,800 s
/// of UTC, whatever offset it was written with. Before its anchor, that is after a clock was put back, an
/// anchored schedule is in its first period. Total: any instants and numbers that a message can carry.
ScheduleState state_at(const ChargingProfile& profile, const ScheduleAnchor& anchor, UtcTime at);

/// Why the profile can never be followed (R82, sections 3.13 and 7.8); empty: it can.
std::optional<std::string> schedule_problem(const ChargingProfile& profile, int most_periods);

/// Of two changes the first; empty: never.
std::optional<UtcTime> earlier(std::optional<UtcTime> a, std::optional<UtcTime> b);

}  // namespace busbar::ocpp

// SPDX-License-Identifier: Apache-2.0
// One charging profile on the time line: which of its periods is in force at an instant (OCPP 1.6
// sections 3.13, 7.13).
#pragma once

#include <optional>

#include "ocpp/messages.hpp"

namespace busbar::ocpp {

/// What a schedule hangs on besides its own times.
struct ScheduleAnchor {
    UtcTime installed;                         ///< start of schedules that name none
    std::optional<UtcTime> transaction_start;  ///< start of Relative ones
};

struct ScheduleState {
    std::optional<ChargingSchedulePeriod> period;  ///< empty: the profile says nothing now
    std::optional<UtcTime> next_change;            ///< when that may become different
};

ScheduleState state_at(const ChargingProfile& profile, const ScheduleAnchor& anchor, UtcTime at);

/// Why the profile can never be followed (R82, sections 3.13 and 7.8); empty: it can.
std::optional<std::string> schedule_problem(const ChargingProfile& profile, int most_periods);

/// The lowest limit anywhere in the schedule: what is safe while nobody knows the time.
ChargingSchedulePeriod lowest_period(const ChargingProfile& profile);

}  // namespace busbar::ocpp

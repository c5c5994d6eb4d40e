// SPDX-License-Identifier: Apache-2.0
// What all charging profiles and the installation together allow over the coming time: the answer to
// GetCompositeSchedule.req (OCPP 1.6 section 5.7, R85).
#pragma once

#include <optional>
#include <vector>

#include "ocpp/charging_hours.hpp"
#include "ocpp/charging_profiles.hpp"

namespace busbar::ocpp {

/// The local limits: they count where no profile says anything, and are never exceeded.
struct Installation {
    Amperes max_current;  ///< of one connector, per phase
    Supply supply;
    int most_periods = 100;  ///< in one answer: ChargingScheduleMaxPeriods
    Amperes min_current{0};  ///< below it a charger pauses: who shares a ceiling waits rather than get less
};

/// A connector of the charge point. Without a transaction its schedule is that of one that starts now.
struct ConnectorInUse {
    ConnectorId id = 1;
    std::optional<TransactionContext> transaction;
    int before = 0;  ///< transactions of other connectors that began earlier
    /// Its present part of a shared feed, while it wants one; nobody knows what the others will leave later.
    std::optional<Amperes> ceiling{};
    const ChargingHours* hours = nullptr;  ///< count for it while no profile of a transaction does
    std::optional<Amperes> delayed{};      ///< a random delay keeps it at this ...
    UtcTime delayed_until{};               ///< ... until then
};

/// `connectors` are all of the charge point; those with a transaction share the ChargePointMaxProfile, and
/// the one asked for in any case. Connector 0 is the whole charge point: the sum of all of them, at most that
/// ceiling; where it is in amperes, per phase, with all of them on the same phases.
///
/// Default charging hours are 0 A outside them; random delays to come are not known and left out.
///
/// A part of a shared feed counts as it is now, for the whole time: what it will be depends on the others.
///
/// Rejected: UTC unknown, no such connector, or a duration below 1, which leaves no room for the first period
/// that every schedule must have.
///
/// Otherwise `scheduleStart` is the whole second `now` lies in, and the first period is what is in force now.
/// Every other begins with the second from which on its limit holds; a change within a second counts from the
/// next one. Limits are rounded down to the tenth, minChargingRate up; numberPhases stands where it is less
/// than 3, which its absence means. Below the charger's minimum the limit is told as it is, though it is a
/// pause. An answer that would need more than `most_periods` ends early: its `duration` says where.
GetCompositeScheduleConf composite_schedule(const GetCompositeScheduleReq& request,
                                            const ChargingProfiles& profiles,
                                            const std::vector<ConnectorInUse>& connectors,
                                            const Installation& installation, const Now& now);

}  // namespace busbar::ocpp

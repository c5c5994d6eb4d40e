// SPDX-License-Identifier: Apache-2.0
// Which uplink carries the sessions: a pure function of the choice before, of what is known of each uplink,
// of the policy and of the time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gateway/base/time.hpp"
#include "gateway/move.hpp"
#include "gateway/uplink/uplink_health.hpp"

namespace busbar::gateway {

/// What the choice sees of one uplink. Those of role "local" are not shown to it.
struct UplinkView {
    std::string id;
    std::string name;  ///< for people: "WiFi", "GSM"
    int priority = 1;  ///< the least is preferred
    UplinkState state = UplinkState::absent;
    SteadyTime since;                         ///< of the state
    std::optional<SteadyTime> last_good;      ///< UplinkHealth::last_good()
    std::optional<SteadyTime> failing_since;  ///< UplinkHealth::failing_since()
    std::optional<SteadyTime> last_failure;   ///< UplinkHealth::last_failure()
    std::string reason;                       ///< UplinkHealth::reason()
};

struct FailoverPolicy {
    seconds failback_hold{60};  ///< a better uplink is online this long before the sessions go back to it ...
    seconds failback_hold_max{
        900};                 ///< ... and at most this long, after going back proved wrong again and again
    std::string preferred;    ///< id that a person chose; "" none
    SteadyTime preferred_at;  ///< when: later than the newest switch, it waits for no hold
};

/// A choice, and what the next one has to know of it.
struct Selection {
    std::string active;  ///< id
    SteadyTime since;
    Move move = Move::none;  ///< from the choice before; none: `active` is the same
    std::string reason;      ///< why the newest switch: "GSM: WiFi passed DNS but not TLS for 31 s"
    bool server_down =
        false;  ///< the uplink works, the central system does not answer: another uplink is no help
    bool was_failback = false;               ///< the newest switch went back to a better uplink
    std::optional<seconds> hold;             ///< grown by failbacks that did not last; empty: the policy's
    std::optional<SteadyTime> hold_grew_at;  ///< an hour after, it is the policy's again
};

/// `before` is empty at the first choice. REQUIRES: `views` is not empty.
/// An active uplink that fails is left only for one that was proved good between its first failure and its
/// newest: when the central system comes back after an outage, nobody moves. One without link or address is
/// left also for one that is unproved. When none is any better it stays: nothing is given up, and probing
/// goes on. Going back to a better uplink waits for the hold; a person's choice does not, the first time.
Selection select(const std::optional<Selection>& before, const std::vector<UplinkView>& views,
                 const FailoverPolicy& policy, SteadyTime now);

/// When select() may answer differently though nothing but the time changes.
std::optional<SteadyTime> next_choice(const Selection& current, const std::vector<UplinkView>& views,
                                      const FailoverPolicy& policy);

}  // namespace busbar::gateway

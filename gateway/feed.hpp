// SPDX-License-Identifier: Apache-2.0
// Chargers behind one feed: which part of its current each connector may have now. Pure: no loop, no clock.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "gateway/base/reading.hpp"
#include "gateway/base/units.hpp"
#include "ocpp/connector.hpp"

namespace busbar::gateway {

/// One connector, as its charge point and the configuration see it.
struct FeedMember {
    std::string charge_point;
    ocpp::ConnectorView view;
    Amperes most;       ///< what it can offer at all: counted while nobody knows what it does
    Amperes when_lost;  ///< its failsafe current where it has one, else `most`
};

/// Shares are equal, whoever would get less than its minimum waits by the time its demand began (shares.hpp).
/// The sum of what connectors may be offering never exceeds the feed: what one gives up is given to another
/// only when its charger has confirmed the lower limit, a lost charger counts with `when_lost`, and one that
/// has not been heard since the start with `most`.
class Feed {
  public:
    explicit Feed(Amperes max_current) : max_current_(max_current) {}

    struct Grant {
        std::string charge_point;
        ConnectorId connector;
        Amperes ceiling;
    };

    /// To be called whenever anything of `members` may have changed, all of them each time. Gives the
    /// ceilings that change; a connector that never got one has 0 A.
    std::vector<Grant> review(const std::vector<FeedMember>& members);

  private:
    using Key = std::pair<std::string, ConnectorId>;
    struct Seat {
        Amperes ceiling;
        Amperes held;            ///< it may be offering this much
        std::uint64_t turn = 0;  ///< in which its demand began; 0: it has none
        bool was_lost = false;
    };

    Seat& seat(const FeedMember& member);
    void look(const FeedMember& member);
    [[nodiscard]] std::map<Key, Amperes> targets(const std::vector<FeedMember>& members);
    [[nodiscard]] Amperes room_for(const Key& key) const;

    Amperes max_current_;
    std::map<Key, Seat> seats_;
    std::uint64_t turns_ = 0;
};

}  // namespace busbar::gateway

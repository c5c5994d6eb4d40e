// SPDX-License-Identifier: Apache-2.0
// A lifetime register from an OpenEVSE controller's two counters. Pure.
#pragma once

#include <optional>

#include "gateway/base/units.hpp"

namespace busbar::adapters {

/// The controller adds a session to its total only when the car leaves (EnergyMeter.cpp in the firmware), and
/// shows the last session until the next car comes. Builds that count the total along are understood too.
class OpenEvseEnergy {
  public:
    /// What GU said, and whether a car is there. Gives the total with the session under way.
    WattHours lifetime(WattHours session, WattHours total, bool plugged);

  private:
    struct Seen {
        WattHours session;
        WattHours total;
    };
    std::optional<Seen> last_;
    std::optional<WattHours> before_;  ///< the total when the session under way began
};

}  // namespace busbar::adapters

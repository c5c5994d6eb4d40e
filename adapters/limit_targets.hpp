// SPDX-License-Identifier: Apache-2.0
// Which registers must hold what so that a charger offers a wanted current. Pure.
#pragma once

#include <string>
#include <vector>

#include "adapters/register_values.hpp"
#include "config/profile.hpp"
#include "gateway/base/units.hpp"

namespace busbar::adapters {

/// What the installation around the charger allows and how it is wired.
struct Installation {
    Amperes max_current{32};
    Amperes failsafe_current{0};
    int phases = 3;
    Volts voltage{230};
};

/// Of this unit: the profile's, narrowed by what its registers say.
struct LimitBounds {
    Amperes min;
    Amperes max;
    Amperes step;
    std::vector<Amperes> allowed{};  ///< what the registers take, a phase; empty: whatever fits
};
LimitBounds limit_bounds(const config::Limit& limit, const RegisterValues& values,
                         const Installation& installation);

/// `wanted` within the bounds and the installation, rounded down to the step and to what is allowed; 0 when
/// that is below the minimum.
Amperes feasible(Amperes wanted, const LimitBounds& bounds, Amperes max_current);

/// What a register of the limit takes for one ampere a phase.
double per_ampere(const config::Limit& limit, const Installation& installation);

struct LimitTarget {
    std::string reg;
    double value;    ///< in the register's unit
    bool is_switch;  ///< the `enable` register
};

/// In the order in which they must be written so that nothing in between offers more than before and after:
/// switch off before the pause value, the limit before the switch on. `current` is feasible; 0 pauses.
std::vector<LimitTarget> limit_targets(const config::Profile& profile, Amperes current,
                                       const Installation& installation);

}  // namespace busbar::adapters

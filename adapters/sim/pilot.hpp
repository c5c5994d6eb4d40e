// SPDX-License-Identifier: Apache-2.0
// The control pilot's duty cycle as the current it offers (IEC 61851-1, table A.8).
#pragma once

#include <cmath>

namespace busbar::sim {

/// `permille`: tenths of a percent; A per phase, 0 outside of the range that offers.
constexpr double pilot_amps(int permille) {
    if (permille < 80 || permille > 970) {
        return 0;
    }
    if (permille <= 100) {
        return 6;
    }
    return permille <= 850 ? permille * 0.06 : (permille / 10.0 - 64) * 2.5;
}

/// The duty cycle that offers `amps`, 6 to 51.
inline int pilot_permille(double amps) {
    return static_cast<int>(std::lround(amps / 0.06));
}

}  // namespace busbar::sim

// SPDX-License-Identifier: Apache-2.0
// The profile of one connector of a charger that has several. Pure.
#pragma once

#include "config/profile.hpp"

namespace busbar::adapters {

/// The profile as connector `n` (1..) sees it: each register at address + (n - 1) * stride and, where it
/// names no unit itself, at the unit that the profile's `connectors` name for n; blocks go with their
/// registers. A register with `stride` 0 stays where it is. What belongs to the charger as a whole is
/// connector 1's: the watchdog, `required` registers that do not move, and all sequences but wake_up, unlock
/// and the phases'.
config::Profile connector_profile(const config::Profile& profile, int n);

}  // namespace busbar::adapters

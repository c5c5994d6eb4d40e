// SPDX-License-Identifier: Apache-2.0
// The only reader of the wall clock, and how far it is believed.
#pragma once

#include <optional>

#include "gateway/base/time.hpp"

namespace busbar::gateway {

/// The date of this release: no true present lies before it.
UtcTime clock_floor();

/// The wall clock as the system shows it, right or wrong. Any thread.
UtcTime wall_now();

/// The wall clock, or nothing while it stands before the floor (a dead battery, no NTP yet).
std::optional<UtcTime> trusted_utc();

/// The time at which certificates are judged: the wall clock, but never before the floor.
UtcTime verification_time();

}  // namespace busbar::gateway

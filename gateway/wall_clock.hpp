// SPDX-License-Identifier: Apache-2.0
// The only reader of the system's clock.
#pragma once

#include "gateway/base/time.hpp"
#include "gateway/timekeeper.hpp"

namespace busbar::gateway {

/// The date of this release: no true present lies before it.
UtcTime release_date();

/// The wall clock as the system shows it, right or wrong. Any thread.
UtcTime wall_now();

/// And whether somebody keeps it right (adjtimex(2); needs no privilege). `ask_kernel` false: taken as
/// nobody.
SystemClock system_clock(bool ask_kernel);

}  // namespace busbar::gateway

// SPDX-License-Identifier: Apache-2.0
// What of a reading is told before the poll cycle that reads it is complete. Pure.
#pragma once

#include "gateway/base/reading.hpp"

namespace busbar::adapters {

/// The state, its flags, the fault or the card is another.
bool is_news(const Reading& fresh, const Reading& before);

/// Nothing that a status is derived from is older than `from`, when the state itself is not: with the
/// contactor closed that is also what tells whether energy flows.
bool is_whole_since(const Reading& fresh, SteadyTime from);

}  // namespace busbar::adapters

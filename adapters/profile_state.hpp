// SPDX-License-Identifier: Apache-2.0
// The state of the car and the faults, from registers by the profile's rules. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "adapters/register_values.hpp"
#include "config/profile.hpp"
#include "gateway/base/reading.hpp"

namespace busbar::adapters {

/// When each sequence, and "required", wrote last; a sequence that runs right now: now.
using SequenceMoments = std::map<std::string, SteadyTime>;

/// Fills state, its flags, the fault and taken_at. `previous` is the last reading, if there was one: "keep"
/// holds it. taken_at is the age of the oldest polled register that the rules look at.
void judge_state(Reading& reading, const config::Profile& profile, const RegisterValues& values,
                 const std::optional<Reading>& previous, const SequenceMoments& moments, SteadyTime now);

/// Every polled register that the rules of states and faults look at was read at `from` or later.
bool is_judged_since(SteadyTime from, const config::Profile& profile, const RegisterValues& values);

}  // namespace busbar::adapters

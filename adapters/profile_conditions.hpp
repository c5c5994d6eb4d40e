// SPDX-License-Identifier: Apache-2.0
// Whether a profile's conditions hold for what the registers say. Pure.
#pragma once

#include "adapters/register_values.hpp"
#include "config/profile.hpp"

namespace busbar::adapters {

/// Every operator given must hold. A register that was never read, or says "not available", holds none but
/// `exists`.
bool holds(const config::Condition& condition, const RegisterValues& values);

/// All hold; no conditions: true.
bool hold(const config::Conditions& conditions, const RegisterValues& values);

}  // namespace busbar::adapters

// SPDX-License-Identifier: Apache-2.0
// What a duty cycle of the control pilot lets a car draw (IEC 61851-1, tables A.7 and A.8). Pure.
#pragma once

#include <optional>

namespace busbar::adapters {

/// Amperes for a duty cycle in percent; 0 where the table grants none.
double current_of_duty(double percent);

/// The duty cycle in percent that grants at most `amperes`: 100 below 6 A, which grants none. Empty above
/// 80 A and for what is no current.
std::optional<double> duty_of_current(double amperes);

}  // namespace busbar::adapters

// SPDX-License-Identifier: Apache-2.0
// Two straight lines that do not meet: 51 A at 85 %, 52.5 A just above it.
#include "adapters/pilot_current.hpp"

#include <algorithm>

namespace busbar::adapters {
namespace {

constexpr double amperes_per_percent = 0.6;
constexpr double lowest = 10;  ///< percent
constexpr double knee = 85;
constexpr double highest = 96;
constexpr double steep_zero = 64;  ///< where the upper line would cross 0 A
constexpr double steep = 2.5;      ///< amperes a percent
constexpr double none = 100;
constexpr double slack = 1e-9;  ///< the rounding of a scale

}  // namespace

double current_of_duty(double percent) {
    if (!(percent >= lowest - slack && percent <= highest + slack)) return 0;
    return percent <= knee + slack ? percent * amperes_per_percent : (percent - steep_zero) * steep;
}

std::optional<double> duty_of_current(double amperes) {
    if (!(amperes >= 0 && amperes <= current_of_duty(highest) + slack)) return std::nullopt;
    if (amperes < current_of_duty(lowest) - slack) return none;
    if (amperes <= current_of_duty(knee)) return amperes / amperes_per_percent;
    return std::max(knee, amperes / steep + steep_zero);
}

}  // namespace busbar::adapters

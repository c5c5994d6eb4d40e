// SPDX-License-Identifier: Apache-2.0
// From amperes to registers.
#include "adapters/limit_targets.hpp"

#include <algorithm>
#include <cmath>

namespace busbar::adapters {
namespace {

/// A step missed by less than this fraction is the rounding of a division, not a smaller limit.
constexpr double slack = 1e-6;

/// A register that says 0 or less means that nobody has set it.
std::optional<double> positive(const std::string& name, const RegisterValues& values) {
    const auto number = values.number(name);
    return number && *number > 0 ? number : std::nullopt;
}

}  // namespace

LimitBounds limit_bounds(const config::Limit& limit, const RegisterValues& values) {
    const double max = std::min(limit.max_a, positive(limit.max_register, values).value_or(limit.max_a));
    const double min = std::max(limit.min_a, positive(limit.min_register, values).value_or(limit.min_a));
    return {Amperes(min), Amperes(max), Amperes(limit.step_a)};
}

Amperes feasible(Amperes wanted, const LimitBounds& bounds, Amperes max_current) {
    const auto allowed = std::min({wanted, bounds.max, max_current});
    const auto rounded = bounds.step * std::floor(allowed / bounds.step + slack);
    return rounded < bounds.min * (1 - slack) ? Amperes(0) : rounded;
}

std::vector<LimitTarget> limit_targets(const config::Profile& profile, Amperes current,
                                       const Installation& installation) {
    std::vector<LimitTarget> targets;
    const auto& limit = *profile.limit;
    const bool pause = current <= Amperes(0);
    if (pause && profile.enable) targets.push_back({profile.enable->reg, profile.enable->off, true});
    if (!pause || limit.pause_value) {
        const double amperes = current.value();
        const double value =
            limit.in_watts ? amperes * installation.phases * installation.voltage.value() : amperes;
        for (const auto& reg : limit.registers)
            targets.push_back({reg, pause ? *limit.pause_value : value, false});
    }
    if (!pause && profile.enable) targets.push_back({profile.enable->reg, profile.enable->on, true});
    return targets;
}

}  // namespace busbar::adapters

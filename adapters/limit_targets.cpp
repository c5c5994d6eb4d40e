// SPDX-License-Identifier: Apache-2.0
// From amperes to registers.
#include "adapters/limit_targets.hpp"

#include <algorithm>
#include <cmath>

#include "adapters/profile_conditions.hpp"
#include "config/register_facts.hpp"

namespace busbar::adapters {
namespace {

/// A step missed by less than this fraction is the rounding of a division, not a smaller limit.
constexpr double slack = 1e-6;

/// A register that says 0 or less means that nobody has set it.
std::optional<double> positive(const std::string& name, const RegisterValues& values) {
    const auto number = values.number(name);
    return number && *number > 0 ? number : std::nullopt;
}

/// Of the first register that this charger has; all take the same value.
std::vector<Amperes> allowed(const config::Limit& limit, const RegisterValues& values,
                             const Installation& installation) {
    std::vector<Amperes> steps;
    for (const auto& name : limit.registers) {
        const auto* reg = values.find(name);
        if (reg == nullptr || !hold(reg->when, values)) continue;
        for (const double value : reg->allowed) {
            steps.emplace_back(value / per_ampere(limit, installation));
        }
        break;
    }
    return steps;
}

}  // namespace

double per_ampere(const config::Limit& limit, const Installation& installation) {
    return limit.in_watts ? installation.phases * installation.voltage.value() : 1.0;
}

LimitBounds limit_bounds(const config::Limit& limit, const RegisterValues& values,
                         const Installation& installation) {
    double max = limit.max_a;
    for (const auto& name : limit.max_registers) max = std::min(max, positive(name, values).value_or(max));
    const double min = std::max(limit.min_a, positive(limit.min_register, values).value_or(limit.min_a));
    return {Amperes(min), Amperes(max), Amperes(limit.step_a), allowed(limit, values, installation)};
}

Amperes feasible(Amperes wanted, const LimitBounds& bounds, Amperes max_current) {
    const auto most = std::min({wanted, bounds.max, max_current});
    auto rounded = bounds.step * std::floor(most / bounds.step + slack);
    if (!bounds.allowed.empty()) {
        auto best = Amperes(0);
        for (const auto entry : bounds.allowed) {
            if (entry <= rounded * (1 + slack)) best = std::max(best, entry);
        }
        rounded = best;
    }
    return rounded < bounds.min * (1 - slack) ? Amperes(0) : rounded;
}

std::vector<LimitTarget> limit_targets(const config::Profile& profile, Amperes current,
                                       const Installation& installation) {
    std::vector<LimitTarget> targets;
    const auto& limit = *profile.limit;
    const bool pause = current <= Amperes(0);
    if (pause && profile.enable) targets.push_back({profile.enable->reg, profile.enable->off, true});
    const double value = current.value() * per_ampere(limit, installation);
    for (const auto& name : limit.registers) {
        const auto to_write = pause ? config::pause_value(limit, profile.registers.at(name)) : value;
        if (to_write) targets.push_back({name, *to_write, false});
    }
    if (!pause && profile.enable) targets.push_back({profile.enable->reg, profile.enable->on, true});
    return targets;
}

}  // namespace busbar::adapters

// SPDX-License-Identifier: Apache-2.0
// Composition, and what a connector knows that needs no exchange.
#include "adapters/profile_connector.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "adapters/connector_profile.hpp"
#include "adapters/profile_measurements.hpp"
#include "adapters/register_codec.hpp"
#include "config/register_facts.hpp"

namespace busbar::adapters {
namespace {

RegisterValues values_of(const config::Profile& profile, const Placement& placement,
                         const ProfileConnector* first) {
    if (first != nullptr) return {profile, first->values};
    return {profile, placement.unit, placement.units, placement.installation.phases};
}

/// What the box may offer by itself when the gateway is gone: never more than a command could ask for.
Amperes failsafe(const config::Profile& profile, const Installation& installation) {
    if (!profile.limit) return {};
    const auto& limit = *profile.limit;
    return feasible(installation.failsafe_current,
                    {Amperes(limit.min_a), Amperes(limit.max_a), Amperes(limit.step_a)},
                    installation.max_current);
}

int unit_of(const RegisterValues& values, const config::Profile& charger, int n) {
    const auto name = charger.connectors.units.find(n);
    return values.unit_of(name == charger.connectors.units.end() ? std::string() : name->second);
}

Log log_of(const Log& log, const Placement& placement, int n) {
    return placement.connectors > 1 ? log.with("connector", std::to_string(n)) : log;
}

bool equal(double a, double b) {
    return std::abs(a - b) <= 1e-9 * std::max({1.0, std::abs(a), std::abs(b)});
}

}  // namespace

ProfileConnector::ProfileConnector(const config::SharedProfile& charger, int n, const Placement& placement,
                                   const ProfileConnector* first, const Log& log)
    : shared(n == 1 ? charger : connector_profile(*charger, n)),
      values(values_of(profile, placement, first)),
      sequence(profile, values),
      required(profile, values, failsafe(profile, placement.installation), log_of(log, placement, n)),
      limit(profile.limit ? std::make_unique<LimitWriter>(profile, values, placement.installation,
                                                          log_of(log, placement, n))
                          : nullptr),
      unit(unit_of(values, *charger, n)) {}

void ProfileConnector::restart() {
    sequence.restart();
    required.restart();
    if (limit) limit->restart();
    phase_change.reset();
    // It may come back on three, and what was right for one is too much then.
    if (std::exchange(phases, std::nullopt) == 1 && limit) limit->want(Amperes(0), {});
}

void ProfileConnector::doubt() {
    if (limit) limit->doubt();
    for (const auto& each : profile.required) {
        const auto* reg = values.find(each.reg);
        if (reg != nullptr && reg->access == config::Access::write) values.forget(values.span_of(*reg));
    }
}

Reading ProfileConnector::look(SequenceMoments charger, SteadyTime now) const {
    auto moments = sequence.moments(now);
    moments.merge(charger);
    if (const auto written = required.last_written()) {
        auto& last = moments["required"];
        last = std::max(last, *written);
    }
    Reading fresh;
    judge_state(fresh, profile, values, reading, moments, now);
    take_measurements(fresh, profile.measurements, values);
    fresh.phases = phases;
    return fresh;
}

bool ProfileConnector::lowers(const WriteJob& job) const {
    const auto value = decode(*job.reg, job.words, values.exponent_of(*job.reg)).number;
    if (!value) return false;
    if (profile.enable && job.reg->name == profile.enable->reg) return equal(*value, profile.enable->off);
    const auto pause = config::pause_value(*profile.limit, *job.reg);
    if (pause && equal(*value, *pause)) return true;
    const auto present = values.number(job.reg->name);
    return present && *value < *present;
}

}  // namespace busbar::adapters

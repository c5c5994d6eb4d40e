// SPDX-License-Identifier: Apache-2.0
// From one phase to three and back: contactors are moved while nothing flows, and a car needs a while to see
// that the phases are others.
#include <algorithm>
#include <utility>

#include "adapters/profile_charger.hpp"
#include "adapters/profile_conditions.hpp"

namespace busbar::adapters {
namespace {

/// For the car to let go; profiles that wait by themselves give it 30 s.
constexpr seconds most_patience{60};
/// Where the sequence does not end with a wait of its own: what the smartEVSE controller asks for.
constexpr seconds settling{10};
constexpr milliseconds look_interval{500};

constexpr Watts power_flows{50};
constexpr Amperes current_is_off{0.5};

std::string sequence_name(int phases) {
    return phases == 1 ? "phases_1" : "phases_3";
}

bool waits_at_its_end(const config::Profile& profile, int phases) {
    const auto& sequence = profile.sequences.at(sequence_name(phases));
    return !sequence.empty() && !std::holds_alternative<config::WriteStep>(sequence.back());
}

}  // namespace

bool ProfileConnector::can_switch_phases() const {
    return limit && switches_something("phases_1") && switches_something("phases_3");
}

/// Writes of the limit and of `enable` only pause; one of another register must be left for this unit.
bool ProfileConnector::switches_something(const std::string& name) const {
    if (!sequence.has(name)) return false;
    const auto& limits = profile.limit->registers;
    const auto& steps = profile.sequences.at(name);
    return std::any_of(steps.begin(), steps.end(), [&](const config::Step& step) {
        const auto* write = std::get_if<config::WriteStep>(&step);
        if (write == nullptr || (profile.enable && write->reg == profile.enable->reg)) return false;
        if (std::find(limits.begin(), limits.end(), write->reg) != limits.end()) return false;
        const auto* reg = values.find(write->reg);
        return reg != nullptr && hold(reg->when, values);
    });
}

void ProfileConnector::begin_phase_change(int number, const Cause& cause, SteadyTime now) {
    phase_change = PhaseChange{number, now};
    phases.reset();
    wanted.reset();
    limit->want(Amperes(0), cause);
    limit->draw_on(1);  // where watts are written: never more than one phase may carry
}

/// What was measured counts, else the state; only what was read after the pause.
bool ProfileConnector::current_flows() const {
    const auto since = *phase_change->paused_at;
    if (!reading || reading->taken_at <= since) return true;
    const auto fresh = [since](const auto& value) { return value && value->taken_at > since; };
    if (fresh(reading->power)) return reading->power->value >= power_flows;
    const auto& current = reading->current;
    if (std::none_of(current.begin(), current.end(), fresh))
        return reading->state == CpState::C2 || reading->state == CpState::D;
    return std::any_of(current.begin(), current.end(),
                       [&](const auto& each) { return fresh(each) && each->value > current_is_off; });
}

void ProfileConnector::end_phase_change(bool succeeded) {
    const int number = std::exchange(phase_change, std::nullopt)->phases;
    if (!succeeded) return;
    phases = number;
    limit->draw_on(number);
}

Result<Next> ProfileCharger::change_phases(ProfileConnector& each, const Cause& cause, SteadyTime now) {
    if (!each.phase_change->drained) return pause_for_phases(each, cause, now);
    if (!each.phase_change->switched_at) return switch_phases(each, cause, now);
    const auto rest = waits_at_its_end(each.profile, each.phase_change->phases) ? 0s : settling;
    const auto settled_at = *each.phase_change->switched_at + rest;
    return Next{now >= settled_at, std::max(now, settled_at)};
}

Result<Next> ProfileCharger::pause_for_phases(ProfileConnector& each, const Cause& cause, SteadyTime now) {
    auto step = become_ready(cause, now);
    if (!step) step = perform_limit(each, now);
    if (goes_on(step)) return *step ? **step : Next{false, now};
    if (step) return *step;
    if (auto refusal = each.limit->take_refusal()) return *refusal;
    auto& change = *each.phase_change;
    if (!change.paused_at && each.limit->in_force()) change.paused_at = now;
    change.drained = change.paused_at && !each.current_flows();
    if (change.drained) return Next{false, now};
    if (now >= change.began + most_patience)
        return Error{Errc::timeout, "current still flows a minute after the charger was paused"};
    return Next{false, now + look_interval};
}

Result<Next> ProfileCharger::switch_phases(ProfileConnector& each, const Cause& cause, SteadyTime now) {
    const auto name = sequence_name(each.phase_change->phases);
    auto step = run_sequence(each.sequence, each.sequence_wanted, name, cause, now);
    if (!step || !step->done) return step;
    each.phase_change->switched_at = now;
    return Next{false, now};
}

}  // namespace busbar::adapters

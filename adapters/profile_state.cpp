// SPDX-License-Identifier: Apache-2.0
// The first rule whose conditions hold decides; the first fault rule adds what the state does not say.
#include "adapters/profile_state.hpp"

#include <algorithm>
#include <set>

#include "adapters/profile_conditions.hpp"

namespace busbar::adapters {
namespace {

using config::FaultRule;
using config::PollClass;
using config::Profile;
using config::StateRule;

bool within_grace(const StateRule& rule, const SequenceMoments& moments, SteadyTime now) {
    if (rule.grace_after.empty()) return true;
    const auto moment = moments.find(rule.grace_after);
    return moment != moments.end() && now - moment->second <= rule.grace;
}

/// The charger's own code: the integer of the register that tells, in decimal, or its text.
std::string vendor_code(const std::string& reg, const RegisterValues& values) {
    const auto value = values.value(reg);
    if (!value) return {};
    return value->text.value_or(std::to_string(value->integer));
}

std::optional<Fault> first_fault(const Profile& profile, const RegisterValues& values) {
    const auto rule = std::find_if(profile.faults.begin(), profile.faults.end(),
                                   [&](const FaultRule& candidate) { return hold(candidate.when, values); });
    if (rule == profile.faults.end()) return std::nullopt;
    return Fault{rule->code, vendor_code(rule->fault_register, values), rule->text};
}

void keep_state(Reading& reading, const Reading& previous) {
    reading.state = previous.state;
    reading.fault = previous.fault;
    reading.auth_wait = previous.auth_wait;
    reading.locked_out = previous.locked_out;
    reading.finished = previous.finished;
    reading.derated = previous.derated;
}

void apply(Reading& reading, const StateRule& rule, const RegisterValues& values) {
    reading.state = rule.state;
    reading.auth_wait = rule.auth_wait;
    reading.locked_out = rule.locked_out;
    reading.finished = rule.finished;
    reading.derated = rule.derated;
    if (rule.fault)
        reading.fault = Fault{*rule.fault, vendor_code(rule.fault_register, values), rule.fault_text};
}

std::optional<SteadyTime> oldest(const std::set<std::string>& names, const RegisterValues& values) {
    std::optional<SteadyTime> time;
    for (const auto& name : names) {
        const auto* reg = values.find(name);
        if (reg == nullptr || reg->poll != PollClass::fast) continue;
        const auto age = values.age(values.span_of(*reg));
        if (age) time = std::min(time.value_or(*age), *age);
    }
    return time;
}

std::set<std::string> state_registers(const Profile& profile) {
    std::set<std::string> names;
    for (const auto& rule : profile.state) {
        for (const auto& condition : rule.when) names.insert(condition.reg);
    }
    return names;
}

/// A meter has no state: there every register counts.
SteadyTime state_time(const Profile& profile, const RegisterValues& values) {
    auto names = state_registers(profile);
    if (names.empty()) {
        for (const auto& entry : profile.registers) names.insert(entry.first);
    }
    return oldest(names, values).value_or(SteadyTime{});
}

}  // namespace

void judge_state(Reading& reading, const Profile& profile, const RegisterValues& values,
                 const std::optional<Reading>& previous, const SequenceMoments& moments, SteadyTime now) {
    reading.taken_at = state_time(profile, values);
    const auto rule =
        std::find_if(profile.state.begin(), profile.state.end(), [&](const StateRule& candidate) {
            return within_grace(candidate, moments, now) && hold(candidate.when, values);
        });
    if (rule != profile.state.end()) {
        if (!rule->keep) {
            apply(reading, *rule, values);
        } else if (previous) {
            keep_state(reading, *previous);
        }
    }
    if (!reading.fault) reading.fault = first_fault(profile, values);
}

bool is_judged_since(SteadyTime from, const Profile& profile, const RegisterValues& values) {
    auto names = state_registers(profile);
    for (const auto& rule : profile.state) names.insert(rule.fault_register);
    for (const auto& rule : profile.faults) {
        names.insert(rule.fault_register);
        for (const auto& condition : rule.when) names.insert(condition.reg);
    }
    for (const auto& name : std::set<std::string>(names)) {
        const auto* reg = values.find(name);
        if (reg == nullptr) continue;
        for (const auto& condition : reg->valid_when) names.insert(condition.reg);
    }
    const auto time = oldest(names, values);
    return time && *time >= from;
}

}  // namespace busbar::adapters

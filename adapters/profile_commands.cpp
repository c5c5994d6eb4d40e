// SPDX-License-Identifier: Apache-2.0
// What a ProfileCharger is told to do, step by step, between its polls.
#include <utility>

#include "adapters/profile_charger.hpp"

namespace busbar::adapters {
namespace {

Error no_connector() {
    return {Errc::invalid, "this charger has no such connector"};
}

}  // namespace

Result<Next> ProfileCharger::execute(const Command& command, const Cause& cause, SteadyTime now) {
    return std::visit([&](const auto& each) { return obey(each, cause, now); }, command);
}

ProfileConnector* ProfileCharger::connector(ConnectorId id) {
    if (id < 1 || static_cast<std::size_t>(id) > connectors_.size()) return nullptr;
    return connectors_[static_cast<std::size_t>(id) - 1].get();
}

Result<Next> ProfileCharger::obey(const SetLimit& command, const Cause& cause, SteadyTime now) {
    auto* each = connector(command.connector);
    if (each == nullptr) return no_connector();
    if (!each->limit) return Error{Errc::unsupported, "a meter has no limit"};
    if (each->phase_change && command.limit > Amperes(0)) return Next{false, look_again(now)};
    if (each->wanted != command.limit) each->limit->want(command.limit, cause);
    each->wanted = command.limit;
    auto step = become_ready(cause, now);
    if (!step) step = perform_limit(*each, now);
    if (!step && sequence_runs() && each->limit->next(now)) {
        step = perform_duties(now);  // it is held back until the sequence ends
        if (!step) return Next{false, look_again(now)};
    }
    if (goes_on(step)) return *step ? **step : Next{false, now};
    each->wanted.reset();
    if (step) return *step;
    if (auto refusal = each->limit->take_refusal()) return *refusal;
    return Next{true, now};
}

Result<Next> ProfileCharger::obey(const WakeUp& command, const Cause& cause, SteadyTime now) {
    auto* each = connector(command.connector);
    if (each == nullptr) return no_connector();
    return run_sequence(each->sequence, each->sequence_wanted, "wake_up", cause, now);
}

Result<Next> ProfileCharger::obey(const Unlock& command, const Cause& cause, SteadyTime now) {
    auto* each = connector(command.connector);
    if (each == nullptr) return no_connector();
    return run_sequence(each->sequence, each->sequence_wanted, "unlock", cause, now);
}

Result<Next> ProfileCharger::obey(const Reboot& /*command*/, const Cause& cause, SteadyTime now) {
    return run_sequence(sequence_, reboot_under_way_, "reboot", cause, now);
}

/// One sequence at a time on what it may switch.
Result<Next> ProfileCharger::run_sequence(SequenceRunner& runner, std::string& under_way,
                                          const std::string& name, const Cause& cause, SteadyTime now) {
    if (!runner.has(name))
        return Error{Errc::unsupported, "the profile of this charger has no sequence " + name};
    auto step = become_ready(cause, now);
    if (!step && under_way != name) {
        const bool whole = &runner == &sequence_;
        if (runner.running() || sequence_.running() || (whole && sequence_runs()))
            return Next{false, look_again(now)};
        runner.start(name, cause, now);
        under_way = name;
    }
    if (!step) step = perform(runner, now);
    if (goes_on(step)) return *step ? **step : Next{false, now};
    if (!step && runner.running()) return Next{false, look_again(now)};
    under_way.clear();
    if (step) return *step;
    if (auto error = runner.take_error()) return *error;
    return Next{true, now};
}

/// Reads all connectors anew: what they share would be read twice else.
Result<Next> ProfileCharger::obey(const Refresh& command, const Cause& cause, SteadyTime now) {
    if (connector(command.connector) == nullptr) return no_connector();
    if (!refresh_) {
        refresh_ = Round{now};
        reads_.refresh(now);
    }
    auto step = become_ready(cause, now);
    if (!step) step = read_next(ReadList::Scope::everything, refresh_->from, cause, now);
    if (goes_on(step)) return *step ? **step : Next{false, now};
    const bool fresh = std::exchange(refresh_, std::nullopt)->answered;
    if (step) return *step;
    if (!fresh) return Error{Errc::timeout, "none of its registers could be read"};
    take_readings(now);
    return Next{true, now};
}

/// Begins anew when the charger was away meanwhile.
Result<Next> ProfileCharger::obey(const SetPhases& command, const Cause& cause, SteadyTime now) {
    auto* each = connector(command.connector);
    if (each == nullptr) return no_connector();
    auto& change = each->phase_change;
    if (!change) {
        if (each->phases == command.phases) return Next{true, now};
        if (!each->can_switch_phases())
            return Error{Errc::unsupported, "this charger cannot switch between one phase and three"};
        each->begin_phase_change(command.phases, cause, now);
    }
    if (change->phases != command.phases) return Next{false, now + cycle_time()};
    auto step = change_phases(*each, cause, now);
    if (step && !step->done) return step;
    if (change) each->end_phase_change(step.has_value());
    return step;
}

/// A command goes on through single failures while the charger answers at all.
bool ProfileCharger::goes_on(const Step& step) const {
    return step && (*step || (present_ && step->error().code != Errc::cancelled));
}

/// When a command that waits for a sequence looks for its end: values may end a wait at any cycle.
SteadyTime ProfileCharger::look_again(SteadyTime now) const {
    return waits_for_values() ? std::min(duty_time(now), now + cycle_time()) : duty_time(now);
}

}  // namespace busbar::adapters

// SPDX-License-Identifier: Apache-2.0
// The order of things: meet, bring up, duties, cycle. What an exchange led to is in profile_exchange.cpp.
#include "adapters/profile_charger.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "adapters/profile_measurements.hpp"
#include "adapters/profile_state.hpp"

namespace busbar::adapters {
namespace {

constexpr milliseconds shortest_sleep{50};
constexpr auto recovery = "recovery";

/// What the box may offer by itself when the gateway is gone: never more than a command could ask for.
Amperes failsafe(const config::Profile& profile, const Installation& installation) {
    if (!profile.limit) return {};
    const auto& limit = *profile.limit;
    return feasible(installation.failsafe_current,
                    {Amperes(limit.min_a), Amperes(limit.max_a), Amperes(limit.step_a)},
                    installation.max_current);
}

}  // namespace

ProfileCharger::ProfileCharger(config::Profile profile, Placement placement, Registers& registers, Log log)
    : profile_(std::move(profile)),
      placement_(std::move(placement)),
      log_(std::move(log)),
      line_(registers, profile_.pacing),
      values_(profile_, placement_.unit, placement_.units),
      reads_(profile_, values_),
      watchdog_(profile_, values_, log_),
      sequence_(profile_, values_),
      required_(profile_, values_, failsafe(profile_, placement_.installation), log_) {
    if (profile_.limit)
        limit_ = std::make_unique<LimitWriter>(profile_, values_, placement_.installation, log_);
}

Capabilities ProfileCharger::capabilities() const {
    Capabilities able;
    able.phases = std::min(profile_.phases, placement_.installation.phases);
    able.wake_up = sequence_.has("wake_up");
    able.unlock = sequence_.has("unlock");
    able.reboot = sequence_.has("reboot");
    able.card_reader = !profile_.measurements.id_tag.empty();
    if (limit_) {
        const auto bounds = limit_->bounds();
        able.min_current = bounds.min;
        able.max_current = bounds.max;
        able.step = bounds.step;
    }
    return able;
}

DeviceIdentity ProfileCharger::identity() const {
    return identify(profile_, values_);
}

std::vector<Reading> ProfileCharger::snapshot() const {
    if (!reading_) return {};
    return {*reading_};
}

Result<Next> ProfileCharger::poll(SteadyTime now) {
    if (auto step = become_ready({}, now)) return *step;
    if (auto step = perform_duties(now)) return *step;
    if (!cycle_) {
        if (now < next_cycle_) return Next{false, wake_time(now)};
        cycle_ = Round{now};
    }
    if (auto step = read_next(ReadList::Scope::everything, cycle_->from, {}, now)) return *step;
    return end_cycle(now);
}

Result<Next> ProfileCharger::execute(const Command& command, const Cause& cause, SteadyTime now) {
    if (const auto* limit = std::get_if<SetLimit>(&command)) return set_limit(*limit, cause, now);
    if (std::holds_alternative<WakeUp>(command)) return run_sequence("wake_up", cause, now);
    if (std::holds_alternative<Unlock>(command)) return run_sequence("unlock", cause, now);
    if (std::holds_alternative<Reboot>(command)) return run_sequence("reboot", cause, now);
    return refresh(cause, now);
}

Result<Next> ProfileCharger::set_limit(const SetLimit& command, const Cause& cause, SteadyTime now) {
    if (!limit_) return Error{Errc::unsupported, "a meter has no limit"};
    if (limit_under_way_ != command.limit) limit_->want(command.limit, cause);
    limit_under_way_ = command.limit;
    auto step = become_ready(cause, now);
    if (!step) step = perform(*limit_, now);
    if (goes_on(step)) return *step ? **step : Next{false, now};
    limit_under_way_.reset();
    if (step) return *step;
    if (auto refusal = limit_->take_refusal()) return *refusal;
    return Next{true, now};
}

Result<Next> ProfileCharger::run_sequence(const std::string& name, const Cause& cause, SteadyTime now) {
    if (!sequence_.has(name))
        return Error{Errc::unsupported, "the profile of this charger has no sequence " + name};
    auto step = become_ready(cause, now);
    if (!step && sequence_under_way_ != name) {
        if (sequence_.running()) return Next{false, duty_time(now)};
        sequence_.start(name, cause, now);
        sequence_under_way_ = name;
    }
    if (!step) step = perform(sequence_, now);
    if (goes_on(step)) return *step ? **step : Next{false, now};
    if (!step && sequence_.running()) return Next{false, duty_time(now)};
    sequence_under_way_.clear();
    if (step) return *step;
    if (auto error = sequence_.take_error()) return *error;
    return Next{true, now};
}

Result<Next> ProfileCharger::refresh(const Cause& cause, SteadyTime now) {
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
    take_reading(now);
    return Next{true, now};
}

/// A command goes on through single failures while the charger answers at all.
bool ProfileCharger::goes_on(const Step& step) const {
    return step && (*step || (present_ && step->error().code != Errc::cancelled));
}

/// Empty once the charger answers and everything that must precede normal work is done.
ProfileCharger::Step ProfileCharger::become_ready(const Cause& cause, SteadyTime now) {
    if (!present_) return meet(cause, now);
    if (!bringing_up_) return std::nullopt;
    if (auto step = read_next(ReadList::Scope::bring_up, bring_up_from_, cause, now)) return step;
    if (auto step = perform_duties(now)) return step;
    if (sequence_.running()) return Next{false, duty_time(now)};
    bringing_up_ = false;
    return std::nullopt;
}

/// One read of what tells the state; an exception is an answer too.
Result<Next> ProfileCharger::meet(const Cause& cause, SteadyTime now) {
    const auto span = reads_.probe();
    if (auto step = hold_back(span, false, now)) return *step;
    const auto words = line_.read(span, cause, now);
    if (!words && !is_final_refusal(words.error())) {
        if (line_.try_again(words.error())) return Next{false, now};
        return failed(words.error());
    }
    restart(now);
    if (words) {
        values_.store(span, *words, now);
        reads_.answered(span);
    } else {
        tell_missing(reads_.refused(span, now), words.error());
    }
    return answered(now);
}

/// The box may be another one by now, or fresh from the factory: nothing known counts.
void ProfileCharger::restart(SteadyTime now) {
    const bool outage = failures_ >= 3;
    values_.clear();
    reads_.restart();
    watchdog_.restart();
    sequence_.restart();
    required_.restart();
    if (limit_) limit_->restart();
    present_ = true;
    bringing_up_ = true;
    bring_up_from_ = now;
    cycle_.reset();
    next_cycle_ = now;
    if (outage && sequence_.has(recovery)) sequence_.start(recovery, {}, now);
}

/// While a sequence runs nobody else touches what it may be switching.
ProfileCharger::Step ProfileCharger::perform_duties(SteadyTime now) {
    if (auto step = perform(watchdog_, now)) return step;
    if (auto step = perform(sequence_, now)) return step;
    if (sequence_.running()) return std::nullopt;
    if (auto step = perform(required_, now)) return step;
    return limit_ ? perform(*limit_, now) : std::nullopt;
}

ProfileCharger::Step ProfileCharger::perform(Duty& duty, SteadyTime now) {
    const auto job = duty.next(now);
    if (!job) return std::nullopt;
    return write(duty, *job, now);
}

ProfileCharger::Step ProfileCharger::read_next(ReadList::Scope scope, SteadyTime from, const Cause& cause,
                                               SteadyTime now) {
    const auto span = reads_.next(scope, from);
    if (!span) return std::nullopt;
    return read(*span, cause, now);
}

Next ProfileCharger::end_cycle(SteadyTime now) {
    auto interval = placement_.poll_interval;
    if (profile_.watchdog.reg.empty() && profile_.watchdog.period > 0ms) {
        interval = std::min(interval, profile_.watchdog.period * 4 / 5);
    }
    next_cycle_ = std::max(cycle_->from + interval, now);
    if (!std::exchange(cycle_, std::nullopt)->answered) return {false, wake_time(now)};
    const bool first = !reading_;
    take_reading(now);
    // The gateway may have been away for so long that the charger gave up on it.
    if (first && reading_->fault && sequence_.has(recovery)) sequence_.start(recovery, {}, now);
    return {true, wake_time(now)};
}

void ProfileCharger::take_reading(SteadyTime now) {
    auto moments = sequence_.moments(now);
    if (const auto written = required_.last_written()) moments["required"] = *written;
    Reading reading;
    judge_state(reading, profile_, values_, reading_, moments, now);
    take_measurements(reading, profile_.measurements, values_);
    reading_ = std::move(reading);
}

/// When one of the duties may have something to write.
SteadyTime ProfileCharger::duty_time(SteadyTime now) const {
    auto time = SteadyTime::max();
    for (const auto& due : {watchdog_.due(), sequence_.due(), limit_ ? limit_->due() : std::nullopt}) {
        if (due) time = std::min(time, std::max(*due, now + shortest_sleep));
    }
    return time;
}

SteadyTime ProfileCharger::wake_time(SteadyTime now) const {
    return std::max(now, std::min(next_cycle_, duty_time(now)));
}

}  // namespace busbar::adapters

// SPDX-License-Identifier: Apache-2.0
// The order of things: meet, bring up, duties, cycle. Commands are in profile_commands.cpp; what an exchange
// led to is in profile_exchange.cpp.
#include "adapters/profile_charger.hpp"

#include <algorithm>
#include <utility>

#include "adapters/profile_measurements.hpp"
#include "adapters/profile_state.hpp"
#include "adapters/reading_news.hpp"

namespace busbar::adapters {
namespace {

constexpr milliseconds shortest_sleep{50};
constexpr seconds between_recoveries{60};
constexpr auto init = "init";
constexpr auto recovery = "recovery";

std::vector<std::unique_ptr<ProfileConnector>> connectors_of(const config::SharedProfile& profile,
                                                             const Placement& placement, const Log& log) {
    std::vector<std::unique_ptr<ProfileConnector>> connectors;
    const int count = std::clamp(placement.connectors, 1, std::max(profile->connectors.most, 1));
    for (int n = 1; n <= count; ++n) {
        const auto* first = connectors.empty() ? nullptr : connectors.front().get();
        connectors.push_back(std::make_unique<ProfileConnector>(profile, n, placement, first, log));
    }
    return connectors;
}

std::vector<ReadList::View> views(const std::vector<std::unique_ptr<ProfileConnector>>& connectors) {
    std::vector<ReadList::View> views;
    views.reserve(connectors.size());
    for (const auto& each : connectors) views.push_back({&each->profile, &each->values});
    return views;
}

}  // namespace

ProfileCharger::ProfileCharger(const config::SharedProfile& profile, Placement placement,
                               Registers& registers, Log log)
    : shared_(profile),
      placement_(std::move(placement)),
      log_(std::move(log)),
      line_(registers, profile_.pacing),
      connectors_(connectors_of(shared_, placement_, log_)),
      values_(connectors_.front()->values),
      reads_(views(connectors_)),
      watchdog_(profile_, values_, log_),
      sequence_(profile_, values_) {}

Capabilities ProfileCharger::capabilities() const {
    Capabilities able;
    able.connectors = static_cast<int>(connectors_.size());
    able.phases = std::min(profile_.phases, placement_.installation.phases);
    able.wake_up = sequence_.has("wake_up");
    able.unlock = sequence_.has("unlock");
    able.reboot = sequence_.has("reboot");
    able.switch_phases =
        able.phases > 1 && std::all_of(connectors_.begin(), connectors_.end(),
                                       [](const auto& each) { return each->can_switch_phases(); });
    able.card_reader = !profile_.measurements.id_tag.empty();
    if (const auto& limit = connectors_.front()->limit) {
        const auto bounds = limit->bounds();
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
    std::vector<Reading> readings;
    for (const auto& each : connectors_) {
        if (each->reading) readings.push_back(*each->reading);
    }
    return readings;
}

Result<Next> ProfileCharger::poll(SteadyTime now) {
    if (auto step = become_ready({}, now)) return *step;
    if (auto step = perform_duties(now)) return *step;
    if (!begin_cycle(now)) return Next{false, wake_time(now)};
    if (auto step = read_next(ReadList::Scope::everything, cycle_->from, {}, now))
        return tell_news(std::move(*step), now);
    return end_cycle(now);
}

/// Empty once the charger answers and everything that must precede normal work is done. A sequence that waits
/// for values gets them; nothing is published yet.
ProfileCharger::Step ProfileCharger::become_ready(const Cause& cause, SteadyTime now) {
    if (!present_) return meet(cause, now);
    if (!bringing_up_) return std::nullopt;
    if (auto step = read_next(ReadList::Scope::bring_up, bring_up_from_, cause, now)) return step;
    if (auto step = perform_duties(now)) return step;
    if (!sequence_runs()) {
        bringing_up_ = false;
        cycle_.reset();
        next_cycle_ = now;
        return std::nullopt;
    }
    if (!waits_for_values()) return Next{false, duty_time(now)};
    if (!begin_cycle(now)) return Next{false, wake_time(now)};
    if (auto step = read_next(ReadList::Scope::everything, cycle_->from, cause, now)) return step;
    next_cycle_ = std::max(cycle_->from + cycle_time(), now);
    cycle_.reset();
    return Next{false, now};
}

/// One read of what tells the state; an exception is an answer too.
Result<Next> ProfileCharger::meet(const Cause& cause, SteadyTime now) {
    const auto span = reads_.probe();
    if (auto step = hold_back(span, false, now)) return *step;
    const auto words = line_.read(span, cause, now);
    if (!words && !is_final_refusal(words.error())) {
        if (line_.try_again(words.error())) return Next{false, now};
        return failed(span, words.error(), now);
    }
    restart(now);
    if (words) {
        values_.store(span, *words, now);
        reads_.answered(span);
    } else {
        take(reads_.refused(span, now).missing, words.error());
    }
    return answered(span.unit, now);
}

/// The box may be another one by now, or fresh from the factory: nothing known counts.
void ProfileCharger::restart(SteadyTime now) {
    const bool outage = failures_[reads_.probe().unit] >= 3;
    failures_.clear();
    silent_.clear();
    values_.clear();
    reads_.restart();
    watchdog_.restart();
    sequence_.restart();
    for (const auto& each : connectors_) each->restart();
    present_ = true;
    bringing_up_ = true;
    bring_up_from_ = now;
    cycle_.reset();
    next_cycle_ = now;
    next_sequences_.clear();
    if (sequence_.has(init)) next_sequences_.emplace_back(init);
    if (outage && sequence_.has(recovery)) next_sequences_.emplace_back(recovery);
}

bool ProfileCharger::sequence_runs() const {
    return sequence_.running() || !next_sequences_.empty() ||
           std::any_of(connectors_.begin(), connectors_.end(),
                       [](const auto& each) { return each->sequence.running(); });
}

bool ProfileCharger::waits_for_values() const {
    return sequence_.waits_for_values() ||
           std::any_of(connectors_.begin(), connectors_.end(),
                       [](const auto& each) { return each->sequence.waits_for_values(); });
}

bool ProfileCharger::start_next_sequence(SteadyTime now) {
    const bool connector_busy = std::any_of(connectors_.begin(), connectors_.end(),
                                            [](const auto& each) { return each->sequence.running(); });
    if (next_sequences_.empty() || sequence_.running() || connector_busy) return false;
    sequence_under_way_ = next_sequences_.front();
    next_sequences_.pop_front();
    sequence_.start(sequence_under_way_, {}, now);
    return true;
}

/// Of one that no command waits for.
void ProfileCharger::tell_failed_sequence() {
    if (sequence_.running() || sequence_under_way_.empty()) return;
    if (const auto error = sequence_.take_error()) {
        log_.warning("sequence_failed", error->detail + "; check that it is set to be controlled over Modbus",
                     {{"sequence", sequence_under_way_}});
    }
    sequence_under_way_.clear();
}

ProfileCharger::Step ProfileCharger::perform_duties(SteadyTime now) {
    if (auto step = perform(watchdog_, now)) return step;
    for (bool started = true; started;) {
        started = start_next_sequence(now);
        if (auto step = perform(sequence_, now)) return step;
        tell_failed_sequence();
    }
    if (sequence_.running() && bringing_up_) return std::nullopt;
    for (const auto& each : connectors_) {
        if (auto step = perform_duties(*each, now)) return step;
    }
    return std::nullopt;
}

ProfileCharger::Step ProfileCharger::perform_duties(ProfileConnector& each, SteadyTime now) {
    if (!sequence_.running()) {
        if (auto step = perform(each.sequence, now)) return step;
        if (!each.sequence.running()) {
            if (auto step = perform(each.required, now)) return step;
        }
    }
    return perform_limit(each, now);
}

ProfileCharger::Step ProfileCharger::perform(Duty& duty, SteadyTime now) {
    const auto job = duty.next(now);
    if (!job) return std::nullopt;
    return write(duty, *job, now);
}

/// Between the steps of a sequence only downwards.
ProfileCharger::Step ProfileCharger::perform_limit(ProfileConnector& each, SteadyTime now) {
    const auto job = each.limit ? each.limit->next(now) : std::nullopt;
    if (!job) return std::nullopt;
    const bool in_sequence = sequence_.running() || each.sequence.running();
    if (in_sequence && !each.lowers(*job)) return std::nullopt;
    return write(*each.limit, *job, now);
}

bool ProfileCharger::begin_cycle(SteadyTime now) {
    if (!cycle_ && now >= next_cycle_) cycle_ = Round{now};
    return cycle_.has_value();
}

ProfileCharger::Step ProfileCharger::read_next(ReadList::Scope scope, SteadyTime from, const Cause& cause,
                                               SteadyTime now) {
    const auto span = reads_.next(scope, from);
    if (!span) return std::nullopt;
    return read(*span, cause, now);
}

milliseconds ProfileCharger::cycle_time() const {
    const auto period = profile_.watchdog.reg.empty() ? watchdog_.period() : 0ms;
    return period > 0ms ? std::min(placement_.poll_interval, period * 4 / 5) : placement_.poll_interval;
}

Next ProfileCharger::end_cycle(SteadyTime now) {
    next_cycle_ = std::max(cycle_->from + cycle_time(), now);
    if (!std::exchange(cycle_, std::nullopt)->answered) return {false, wake_time(now)};
    take_readings(now);
    recover(now);
    return {true, wake_time(now)};
}

/// The gateway may have been away for so long that the charger gave up on it, or a life sign got lost.
void ProfileCharger::recover(SteadyTime now) {
    const bool fault = std::any_of(connectors_.begin(), connectors_.end(),
                                   [](const auto& each) { return each->reading->fault.has_value(); });
    if (!fault || !sequence_.has(recovery) || sequence_runs() || now < next_recovery_) return;
    next_recovery_ = now + between_recoveries;
    next_sequences_.emplace_back(recovery);
}

SequenceMoments ProfileCharger::moments(SteadyTime now) const {
    auto moments = sequence_.moments(now);
    if (const auto written = connectors_.front()->required.last_written()) moments["required"] = *written;
    return moments;
}

Reading ProfileCharger::look(const ProfileConnector& each, SteadyTime now) const {
    auto reading = each.look(moments(now), now);
    const auto silent = silent_.find(each.unit);
    if (silent != silent_.end()) reading.silence = silent->second;
    return reading;
}

void ProfileCharger::take_readings(SteadyTime now) {
    for (const auto& each : connectors_) each->reading = look(*each, now);
}

/// After a read of a cycle. What the rest of the cycle may still turn round is urgent, and not told yet.
Result<Next> ProfileCharger::tell_news(Result<Next> step, SteadyTime now) {
    if (!step) return step;
    for (const auto& each : connectors_) {
        if (!each->reading || silent_.contains(each->unit)) continue;
        auto fresh = look(*each, now);
        if (!is_news(fresh, *each->reading)) continue;
        const auto from = cycle_->from;
        if (is_judged_since(from, each->profile, each->values) && is_whole_since(fresh, from)) {
            each->reading = std::move(fresh);
            step->told = true;
        } else {
            step->urgent = true;
        }
    }
    return step;
}

/// When one of the duties may have something to write.
SteadyTime ProfileCharger::duty_time(SteadyTime now) const {
    auto time = SteadyTime::max();
    const auto take = [&](const std::optional<SteadyTime>& due) {
        if (due) time = std::min(time, std::max(*due, now + shortest_sleep));
    };
    take(watchdog_.due());
    take(sequence_.due());
    for (const auto& each : connectors_) {
        take(each->sequence.due());
        if (each->limit) take(each->limit->due());
    }
    return time;
}

SteadyTime ProfileCharger::wake_time(SteadyTime now) const {
    return std::max(now, std::min(next_cycle_, duty_time(now)));
}

}  // namespace busbar::adapters

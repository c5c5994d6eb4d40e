// SPDX-License-Identifier: Apache-2.0
// The order of things: meet, bring up, duties, cycle, commands. Answers are in openevse_answers.cpp.
#include "adapters/openevse_charger.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace busbar::adapters {
namespace {

constexpr Amperes smallest_fallback{6};  // the controller cannot fall back to nothing
constexpr milliseconds nap_length{3000};
constexpr milliseconds shortest_sleep{50};

}  // namespace

OpenEvseCharger::OpenEvseCharger(config::Profile profile, Placement placement, FrameLine& line, Log log)
    : profile_(std::move(profile)),
      placement_(std::move(placement)),
      line_(line),
      log_(std::move(log)),
      limit_(facts_, placement_.installation.max_current) {
    forget();
}

Capabilities OpenEvseCharger::capabilities() const {
    Capabilities able;
    able.phases = std::min(profile_.phases, placement_.installation.phases);
    able.min_current = limit_.bounds().min;
    able.max_current = limit_.bounds().max;
    able.step = limit_.bounds().step;
    able.wake_up = true;
    able.reboot = true;
    able.unlock = has_lock_;
    return able;
}

std::vector<Reading> OpenEvseCharger::snapshot() const {
    if (!reading_) return {};
    return {*reading_};
}

Result<Next> OpenEvseCharger::poll(SteadyTime now) {
    heed(now);
    if (auto step = become_ready({}, now)) return *step;
    if (auto step = send(next_duty(now), {}, now)) return *step;
    if (!cycle_) {
        if (now < next_cycle_) return Next{false, wake_time(now)};
        cycle_ = now;
        cycle_answered_ = false;
    }
    if (auto step = send(next_query(*cycle_, false), {}, now)) return *step;
    return end_cycle(now);
}

Next OpenEvseCharger::end_cycle(SteadyTime now) {
    next_cycle_ = std::max(*cycle_ + placement_.poll_interval, now);
    cycle_.reset();
    if (!cycle_answered_) return {false, wake_time(now)};
    reading_ = reading_of(facts_);
    return {true, wake_time(now)};
}

SteadyTime OpenEvseCharger::wake_time(SteadyTime now) const {
    auto time = next_cycle_;
    if (heartbeat_.interval > 0s) time = std::min(time, std::max(heartbeat_.pulse_at, now + shortest_sleep));
    return std::max(now, time);
}

Result<Next> OpenEvseCharger::execute(const Command& command, const Cause& cause, SteadyTime now) {
    heed(now);
    if (const auto* limit = std::get_if<SetLimit>(&command)) return set_limit(*limit, cause, now);
    if (std::holds_alternative<WakeUp>(command)) return wake_up(cause, now);
    if (std::holds_alternative<Unlock>(command)) {
        if (!has_lock_) return Error{Errc::unsupported, "this controller has no socket lock"};
        return give_orders({"S5 M", "S5 0"}, cause, now);
    }
    if (std::holds_alternative<Reboot>(command)) return give_orders({"FR"}, cause, now);
    if (std::holds_alternative<SetPhases>(command))
        return Error{Errc::unsupported, "this controller has one number of phases"};
    return refresh(cause, now);
}

Result<Next> OpenEvseCharger::set_limit(const SetLimit& command, const Cause& cause, SteadyTime now) {
    if (limit_under_way_ != command.limit) {
        limit_.want(command.limit);
        limit_cause_ = cause;
    }
    limit_under_way_ = command.limit;
    auto step = become_ready(cause, now);
    if (!step) step = send(next_duty(now), cause, now);
    if (goes_on(step)) return *step ? **step : Next{false, now};
    limit_under_way_.reset();
    if (step) return *step;
    if (auto refusal = limit_.take_refusal()) return *refusal;
    return Next{true, now};
}

/// A car that gave up asking sees the pilot go and come again.
Result<Next> OpenEvseCharger::wake_up(const Cause& cause, SteadyTime now) {
    auto step = become_ready(cause, now);
    if (!step && !waking_) {
        if (!limit_.offers())
            return Error{Errc::refused, "it is paused: a pilot that offers nothing wakes nobody"};
        limit_.nap(now + nap_length);
        waking_ = true;
    }
    if (!step) step = send(next_duty(now), cause, now);
    if (goes_on(step)) return *step ? **step : Next{false, now};
    if (!step && limit_.napping(now)) return Next{false, now + shortest_sleep};
    waking_ = false;
    if (step) return *step;
    return Next{true, now};
}

Result<Next> OpenEvseCharger::give_orders(std::deque<std::string> orders, const Cause& cause,
                                          SteadyTime now) {
    if (!std::exchange(ordered_, true)) {
        orders_ = std::move(orders);
        order_refusal_.reset();
    }
    Step step;
    if (!orders_.empty()) step = become_ready(cause, now);
    if (!step && !orders_.empty())
        step = send(Job{orders_.front(), &OpenEvseCharger::take_order, Intent::write, true}, cause, now);
    if (goes_on(step)) return *step ? **step : Next{false, now};
    ordered_ = false;
    orders_.clear();
    if (step) return *step;
    if (auto refusal = std::exchange(order_refusal_, std::nullopt)) return *refusal;
    return Next{true, now};
}

Result<Next> OpenEvseCharger::refresh(const Cause& cause, SteadyTime now) {
    if (!refresh_) refresh_ = now;
    auto step = become_ready(cause, now);
    if (!step) step = send(next_query(*refresh_, false), cause, now);
    if (goes_on(step)) return *step ? **step : Next{false, now};
    refresh_.reset();
    if (step) return *step;
    reading_ = reading_of(facts_);
    return Next{true, now};
}

/// A command goes on through single failures while the controller answers at all.
bool OpenEvseCharger::goes_on(const Step& step) const {
    return step && (*step || (present_ && step->error().code != Errc::cancelled));
}

/// Empty once the controller answers and everything that must precede normal work is done.
OpenEvseCharger::Step OpenEvseCharger::become_ready(const Cause& cause, SteadyTime now) {
    if (now < quiet_until_) return Next{false, quiet_until_};
    if (!present_) return send(Job{"GV", &OpenEvseCharger::take_version, Intent::read, true}, cause, now);
    if (!bringing_up_) return std::nullopt;
    if (auto step = send(next_query(bring_up_from_, true), cause, now)) return step;
    if (auto step = send(next_duty(now), cause, now)) return step;
    bringing_up_ = false;
    // What was read first is from before our commands.
    for (std::size_t i = 0; i < queries.size(); ++i) {
        if (queries.at(i).poll != config::PollClass::once) asked_.at(i).at.reset();
    }
    return std::nullopt;
}

/// It may be another one by now, or have lost everything volatile.
void OpenEvseCharger::restart(SteadyTime now) {
    forget();
    present_ = true;
    bringing_up_ = true;
    bring_up_from_ = now;
    boot_unlock_at_ = now;
    cycle_.reset();
    next_cycle_ = now;
}

void OpenEvseCharger::forget() {
    facts_ = {};
    energy_ = {};
    asked_ = {};
    heartbeat_ = {};
    voltage_is_set_ = false;
    limit_.restart();
    const auto& limit = *profile_.limit;
    limit_.set_bounds({Amperes(limit.min_a), Amperes(limit.max_a), Amperes(limit.step_a)});
}

int OpenEvseCharger::fallback_amps() const {
    const auto& installation = placement_.installation;
    const auto wanted = feasible(installation.failsafe_current, limit_.bounds(), installation.max_current);
    return static_cast<int>(std::max(smallest_fallback, wanted).value());
}

std::optional<OpenEvseCharger::Job> OpenEvseCharger::next_heartbeat(SteadyTime now) const {
    if (heartbeat_.missed) return Job{"SY 165", &OpenEvseCharger::take_acknowledged};
    if (!heartbeat_.right) {
        return Job{fmt::format("SY {} {}", heartbeat_interval.count(), fallback_amps()),
                   &OpenEvseCharger::take_supervision};
    }
    if (heartbeat_.interval > 0s && now >= heartbeat_.pulse_at)
        return Job{"SY", &OpenEvseCharger::take_pulse};
    return std::nullopt;
}

/// What has to be written now, the most urgent first. The boot lock goes last: what it held back must find
/// its limit in force.
std::optional<OpenEvseCharger::Job> OpenEvseCharger::next_duty(SteadyTime now) {
    if (auto limit = limit_.next(now))
        return Job{std::move(*limit), &OpenEvseCharger::take_limit, Intent::write, true};
    if (limit_.wanted()) limit_cause_ = {};
    if (auto heartbeat = next_heartbeat(now)) return heartbeat;
    if (!voltage_is_set_) {
        const auto millivolts = static_cast<int>(placement_.installation.voltage.value() * 1000);
        return Job{fmt::format("SV {}", millivolts), &OpenEvseCharger::take_voltage_set};
    }
    if (boot_unlock_at_ && limit_.wanted() && now >= *boot_unlock_at_)
        return Job{"SB", &OpenEvseCharger::take_boot_lock};
    if (lock_is_manual_ && !ordered_ && facts_.unplugged())
        return Job{"S5 A", &OpenEvseCharger::take_automatic_lock};
    return std::nullopt;
}

bool OpenEvseCharger::due(std::size_t query, SteadyTime from, bool early_only) const {
    const auto& [command, poll, early, take] = queries.at(query);
    const auto& asked = asked_.at(query);
    if (asked.refused || (early_only && !early)) return false;
    // The flags tell it too, where the firmware has them.
    if (command == "G0" && (facts_.flags || !facts_.resting())) return false;
    if (!asked.at) return true;
    if (poll == config::PollClass::once) return false;
    if (poll == config::PollClass::fast || refresh_) return *asked.at < from;
    return *asked.at + profile_.pacing.slow_interval <= from;
}

std::optional<OpenEvseCharger::Job> OpenEvseCharger::next_query(SteadyTime from, bool early_only) const {
    for (std::size_t i = 0; i < queries.size(); ++i) {
        if (!due(i, from, early_only)) continue;
        const auto& query = queries.at(i);
        return Job{std::string(query.command), query.take, Intent::read, query.command == "GS"};
    }
    return std::nullopt;
}

}  // namespace busbar::adapters

// SPDX-License-Identifier: Apache-2.0
// The order of things for drivers with commands.
#include "adapters/dialog_charger.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "adapters/reading_news.hpp"

namespace busbar::adapters {
namespace {

constexpr int failures_to_silence = 3;

}  // namespace

DialogCharger::DialogCharger(config::Profile profile, Placement placement, FrameLine& line, Log log)
    : profile_(std::move(profile)),
      placement_(std::move(placement)),
      log_(std::move(log)),
      line_(line, placement_.unit, profile_.pacing),
      settings_(log_) {}

Capabilities DialogCharger::capabilities() const {
    Capabilities able;
    const auto limits = bounds();
    able.phases = std::min(profile_.phases, placement_.installation.phases);
    able.min_current = limits.min;
    able.max_current = limits.max;
    able.step = limits.step;
    return able;
}

std::vector<Reading> DialogCharger::snapshot() const {
    if (!reading_) return {};
    return {*reading_};
}

std::optional<Amperes> DialogCharger::kept_limit() const {
    if (!wanted_) return std::nullopt;
    return feasible(*wanted_, bounds(), placement_.installation.max_current);
}

Result<Next> DialogCharger::poll(SteadyTime now) {
    if (auto step = become_ready({}, now)) return *step;
    listen(now);
    if (auto step = perform_duties(now)) return *step;
    if (!in_cycle_) {
        if (now < next_cycle_) return Next{false, next_cycle_};
        plan_cycle(now);
    }
    if (auto step = ask_next({}, now)) return tell_news(std::move(*step), now);
    return end_cycle(now);
}

/// After an answer of a cycle; the first question's has told the state.
Result<Next> DialogCharger::tell_news(Result<Next> step, SteadyTime now) {
    if (!step || !state_known_ || !reading_) return step;
    auto fresh = judge(reading_, now);
    if (!is_news(fresh, *reading_)) return step;
    step->told = is_whole_since(fresh, cycle_from_);
    step->urgent = !step->told;
    if (step->told) reading_ = std::move(fresh);
    return step;
}

Result<Next> DialogCharger::execute(const Command& command, const Cause& cause, SteadyTime now) {
    if (const auto* limit = std::get_if<SetLimit>(&command)) return set_limit(limit->limit, cause, now);
    if (std::holds_alternative<Refresh>(command)) return refresh(cause, now);
    return run_sequence(command, cause, now);
}

Result<Next> DialogCharger::set_limit(Amperes limit, const Cause& cause, SteadyTime now) {
    if (limit_under_way_ != limit) {
        wanted_ = limit;
        settings_.want(settings_of(*kept_limit()), cause);
    }
    limit_under_way_ = limit;
    auto step = become_ready(cause, now);
    if (!step) step = write_settings(now);
    if (goes_on(step)) return *step ? **step : Next{false, now};
    limit_under_way_.reset();
    if (step) return *step;
    if (auto refusal = settings_.take_refusal()) return *refusal;
    return Next{true, now};
}

Result<Next> DialogCharger::run_sequence(const Command& command, const Cause& cause, SteadyTime now) {
    const auto step = become_ready(cause, now);
    if (goes_on(step)) return *step ? **step : Next{false, now};
    auto result = step ? *step : play_sequence(command, cause, now);
    sequence_under_way_ = result && !result->done;
    return result;
}

Result<Next> DialogCharger::play_sequence(const Command& command, const Cause& cause, SteadyTime now) {
    if (!sequence_under_way_) {
        const auto steps = sequence_of(command, now);
        if (steps.empty()) return Error{Errc::unsupported, "this model of charger has no such command"};
        steps_.assign(steps.begin(), steps.end());
        next_step_ = now;
    }
    if (now < next_step_) return Next{false, next_step_};
    const auto current = steps_.front();
    const auto said = say(current.dialog, cause, now);
    if (said.wait) return *said.wait;
    steps_.pop_front();
    next_step_ = now + current.wait;
    const bool fine = !said.error || (current.silence_is_fine && said.error->code == Errc::timeout);
    if (!fine) return failed(*said.error);
    if (!steps_.empty()) return Next{false, next_step_};
    if (std::holds_alternative<Reboot>(command)) present_ = false;
    return Next{true, now};
}

Result<Next> DialogCharger::refresh(const Cause& cause, SteadyTime now) {
    auto step = become_ready(cause, now);
    if (!step && !std::exchange(refreshing_, true)) plan_cycle(now);
    if (!step) step = ask_next(cause, now);
    if (goes_on(step)) return *step ? **step : Next{false, now};
    refreshing_ = false;
    if (step) return *step;
    if (!end_cycle(now).done) return Error{Errc::timeout, "the charger did not say its state"};
    return Next{true, now};
}

/// A command goes on through single failures while the charger answers at all.
bool DialogCharger::goes_on(const Step& step) const {
    return step && (*step || (present_ && step->error().code != Errc::cancelled));
}

/// Empty once the charger answers and everything that must precede normal work is done.
DialogCharger::Step DialogCharger::become_ready(const Cause& cause, SteadyTime now) {
    if (!present_) return meet(cause, now);
    if (!bringing_up_) return std::nullopt;
    if (auto step = ask_next(cause, now)) return step;
    bringing_up_ = false;
    // What the box said about itself may have narrowed the limit.
    if (wanted_) settings_.want(settings_of(*kept_limit()), cause);
    return std::nullopt;
}

Result<Next> DialogCharger::meet(const Cause& cause, SteadyTime now) {
    const auto said = say(ask(cycle_questions(now).front(), now), cause, now);
    if (said.wait) return *said.wait;
    if (said.error) return failed(*said.error);
    restart();
    return Next{false, now};
}

void DialogCharger::restart() {
    forget();
    unknown_.clear();
    settings_.restart();
    const auto questions = bring_up_questions();
    questions_.assign(questions.begin(), questions.end());
    present_ = true;
    bringing_up_ = true;
    in_cycle_ = false;
    next_cycle_ = SteadyTime{};
}

DialogCharger::Step DialogCharger::perform_duties(SteadyTime now) {
    if (auto step = perform_keep_alive(now)) return step;
    return write_settings(now);
}

DialogCharger::Step DialogCharger::perform_keep_alive(SteadyTime now) {
    const auto ready = line_.ready_at();
    if (!ready) return failed(ready.error());
    if (*ready > now) return std::nullopt;
    const auto due = duty(now);
    if (!due) return std::nullopt;
    const auto said = say(*due, {}, now);
    if (said.error && said.error->code != Errc::refused) return failed(*said.error);
    return Result<Next>(Next{false, now});
}

DialogCharger::Step DialogCharger::write_settings(SteadyTime now) {
    const auto job = settings_.next(now);
    if (!job) return std::nullopt;
    const auto said = say(set(job->setting), job->cause, now);
    if (said.wait) return Result<Next>(*said.wait);
    if (said.error && said.error->code != Errc::refused) return failed(*said.error);
    if (said.error) {
        settings_.refused(*said.error, now);
    } else {
        settings_.written(now);
    }
    return Result<Next>(Next{false, now});
}

DialogCharger::Step DialogCharger::ask_next(const Cause& cause, SteadyTime now) {
    if (questions_.empty()) return std::nullopt;
    const auto question = questions_.front();
    const auto said = say(ask(question, now), cause, now);
    if (said.wait) return Result<Next>(*said.wait);
    questions_.pop_front();
    if (said.error && said.error->code != Errc::cancelled && is_optional(question)) {
        unknown_.insert(question);
    } else if (said.error && said.error->code != Errc::refused) {
        return failed(*said.error);
    }
    if (question == cycle_questions(now).front() && !said.error) state_known_ = true;
    return Result<Next>(Next{false, now});
}

void DialogCharger::plan_cycle(SteadyTime now) {
    questions_.clear();
    for (const auto question : cycle_questions(now)) {
        if (!unknown_.contains(question)) questions_.push_back(question);
    }
    in_cycle_ = true;
    state_known_ = false;
    cycle_from_ = now;
}

Next DialogCharger::end_cycle(SteadyTime now) {
    in_cycle_ = false;
    next_cycle_ = std::max(cycle_from_ + placement_.poll_interval, now);
    if (!state_known_) return {false, next_cycle_};
    reading_ = judge(reading_, now);
    return {true, next_cycle_};
}

DialogCharger::Said DialogCharger::say(const Dialog& dialog, const Cause& cause, SteadyTime now) {
    const auto ready = line_.ready_at();
    if (!ready) return {{}, ready.error()};
    if (*ready > now) return {Next{false, *ready}, {}};
    const auto reply = line_.converse(dialog.request, dialog.is_reply, dialog.intent, cause, now);
    if (!reply) {
        if (line_.try_again(reply.error())) return {Next{false, now}, {}};
        return {{}, reply.error()};
    }
    listen(now);
    failures_ = 0;
    if (const auto taken = dialog.take(*reply); !taken) return {{}, taken.error()};
    return {};
}

Result<Next> DialogCharger::failed(const Error& error) {
    if (error.code != Errc::cancelled && ++failures_ >= failures_to_silence) present_ = false;
    return Error{error.code, fmt::format("unit {}: {}", placement_.unit, error.detail)};
}

void DialogCharger::listen(SteadyTime now) {
    for (const auto& message : line_.take_others()) hear(message, now);
}

}  // namespace busbar::adapters

// SPDX-License-Identifier: Apache-2.0
// A place in a list and a time to wait for.
#include "adapters/sequence_runner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "adapters/profile_conditions.hpp"
#include "adapters/register_image.hpp"

namespace busbar::adapters {

using config::WaitStep;
using config::WaitUntilStep;
using config::WriteStep;

SequenceRunner::SequenceRunner(const config::Profile& profile, const RegisterValues& values)
    : profile_(profile), values_(values) {}

bool SequenceRunner::has(const std::string& name) const {
    return profile_.sequences.contains(name);
}

void SequenceRunner::start(const std::string& name, const Cause& cause, SteadyTime now) {
    sequence_ = &profile_.sequences.at(name);
    name_ = name;
    cause_ = cause;
    step_ = 0;
    step_began_.reset();
    entered_ = false;
    error_.reset();
    advance(now);
}

std::optional<Error> SequenceRunner::take_error() {
    return std::exchange(error_, std::nullopt);
}

SequenceMoments SequenceRunner::moments(SteadyTime now) const {
    auto moments = ended_;
    if (running()) moments[name_] = now;
    return moments;
}

const config::Conditions* SequenceRunner::awaited() const {
    if (!running() || !step_began_) return nullptr;
    const auto* step = std::get_if<WaitUntilStep>(&(*sequence_)[step_]);
    return step == nullptr ? nullptr : &step->until;
}

void SequenceRunner::end(std::optional<Error> error, SteadyTime now) {
    error_ = std::move(error);
    ended_[name_] = now;
    sequence_ = nullptr;
}

/// All hold, and none by what was read before the step; a register read `once` is not read again.
bool SequenceRunner::came(const config::Conditions& awaited) const {
    const auto fresh = [&](const config::Condition& condition) {
        const auto* reg = values_.find(condition.reg);
        const auto value = values_.value(condition.reg);
        return !value || reg->poll == config::PollClass::once || value->taken_at > *step_began_;
    };
    return hold(awaited, values_) && std::all_of(awaited.begin(), awaited.end(), fresh);
}

bool SequenceRunner::pass(const WaitStep& step, SteadyTime now) {
    return now >= *step_began_ + step.duration;
}

bool SequenceRunner::pass(const WaitUntilStep& step, SteadyTime now) {
    if (came(step.until)) return true;
    if (now < *step_began_ + step.timeout) return false;
    end(Error{Errc::timeout, fmt::format("{}: what was awaited did not come within {} s", name_,
                                         std::chrono::duration<double>(step.timeout).count())},
        now);
    return false;
}

/// Only a register that this charger does not have; any other is next()'s work.
bool SequenceRunner::pass(const WriteStep& step, SteadyTime /*now*/) {
    const auto* reg = values_.find(step.reg);
    return reg == nullptr || !hold(reg->when, values_);
}

/// Asked as the step's turn comes; a wait that has begun, and a write that was due, stay.
bool SequenceRunner::skips(const config::Conditions& when) {
    if (!when.empty() && !entered_ && !hold(when, values_)) return true;
    entered_ = true;
    return false;
}

/// Goes past what is over, up to the next write, an open wait or the end.
void SequenceRunner::advance(SteadyTime now) {
    while (running()) {
        if (step_ == sequence_->size()) return end(std::nullopt, now);
        if (!step_began_) step_began_ = now;
        const auto over = [&](const auto& step) { return skips(step.when) || pass(step, now); };
        if (!std::visit(over, (*sequence_)[step_])) return;
        leave_step();
    }
}

void SequenceRunner::leave_step() {
    ++step_;
    step_began_.reset();
    entered_ = false;
}

Result<WriteJob> SequenceRunner::job_of(const WriteStep& step) const {
    const auto* reg = values_.find(step.reg);
    const auto image = image_of(*reg, step.value, Rounding::nearest, values_);
    if (!image) return Error{image.error().code, name_ + ": " + image.error().detail};
    if (!image->words) {
        return Error{Errc::refused, fmt::format("{}: {} must be read before it is written", name_, step.reg)};
    }
    return WriteJob{reg, *image->words, cause_};
}

std::optional<WriteJob> SequenceRunner::next(SteadyTime now) {
    advance(now);
    const auto* step = running() ? std::get_if<WriteStep>(&(*sequence_)[step_]) : nullptr;
    if (step == nullptr) return std::nullopt;
    auto job = job_of(*step);
    if (job) return *job;
    end(job.error(), now);
    return std::nullopt;
}

void SequenceRunner::written(SteadyTime at) {
    leave_step();
    advance(at);
}

void SequenceRunner::refused(const Error& error, SteadyTime now) {
    end(error, now);
}

void SequenceRunner::restart() {
    if (!running()) return;
    sequence_ = nullptr;
    error_ = Error{Errc::unreachable, "the charger fell silent in the middle of " + name_};
}

std::optional<SteadyTime> SequenceRunner::due() const {
    if (!running()) return std::nullopt;
    const auto& step = (*sequence_)[step_];
    const auto began = step_began_.value_or(SteadyTime{});
    if (const auto* wait = std::get_if<WaitStep>(&step)) return began + wait->duration;
    if (const auto* wait = std::get_if<WaitUntilStep>(&step)) return began + wait->timeout;
    return began;
}

}  // namespace busbar::adapters

// SPDX-License-Identifier: Apache-2.0
// A place in a list and a time to wait for.
#include "adapters/sequence_runner.hpp"

#include <utility>

#include "adapters/profile_conditions.hpp"
#include "adapters/register_codec.hpp"

namespace busbar::adapters {

using config::WaitStep;
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
    wait_until_ = now;
    error_.reset();
}

std::optional<Error> SequenceRunner::take_error() {
    return std::exchange(error_, std::nullopt);
}

SequenceMoments SequenceRunner::moments(SteadyTime now) const {
    auto moments = ended_;
    if (running()) moments[name_] = now;
    return moments;
}

/// Goes past waits that are over, up to the next write or the end.
void SequenceRunner::advance(SteadyTime now) {
    while (running() && now >= wait_until_) {
        if (step_ == sequence_->size()) {
            ended_[name_] = now;
            sequence_ = nullptr;
        } else if (const auto* wait = std::get_if<WaitStep>(&(*sequence_)[step_])) {
            wait_until_ = now + wait->duration;
            ++step_;
        } else {
            return;
        }
    }
}

std::optional<WriteJob> SequenceRunner::job_of(const WriteStep& step) {
    const auto* reg = values_.find(step.reg);
    if (reg == nullptr || !hold(reg->when, values_)) return std::nullopt;
    auto words = encode(*reg, step.value, Rounding::nearest);
    if (!words) return std::nullopt;
    return WriteJob{reg, std::move(*words), cause_};
}

std::optional<WriteJob> SequenceRunner::next(SteadyTime now) {
    for (advance(now); running() && now >= wait_until_; advance(now)) {
        if (auto job = job_of(std::get<WriteStep>((*sequence_)[step_]))) return job;
        ++step_;  // a register this charger does not have
    }
    return std::nullopt;
}

void SequenceRunner::written(SteadyTime at) {
    ++step_;
    advance(at);
}

void SequenceRunner::refused(const Error& error, SteadyTime now) {
    error_ = error;
    ended_[name_] = now;
    sequence_ = nullptr;
}

void SequenceRunner::restart() {
    if (!running()) return;
    sequence_ = nullptr;
    error_ = Error{Errc::unreachable, "the charger fell silent in the middle of " + name_};
}

std::optional<SteadyTime> SequenceRunner::due() const {
    if (!running()) return std::nullopt;
    return wait_until_;
}

}  // namespace busbar::adapters

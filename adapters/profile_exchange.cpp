// SPDX-License-Identifier: Apache-2.0
// One exchange of a ProfileCharger and the conclusions from it.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "adapters/profile_charger.hpp"

namespace busbar::adapters {
namespace {

constexpr int failures_to_silence = 3;
constexpr int unanswered_to_refusal = 3;

Error at(const Span& span, const Error& error) {
    return {error.code, to_text(span) + ": " + error.detail};
}

}  // namespace

ProfileCharger::Step ProfileCharger::hold_back(const Span& span, bool is_write, SteadyTime now) {
    const auto ready = line_.ready_at(span, is_write);
    if (!ready) return failed(ready.error());
    if (*ready > now) return Next{false, *ready};
    return std::nullopt;
}

Result<Next> ProfileCharger::read(const Span& span, const Cause& cause, SteadyTime now) {
    if (auto step = hold_back(span, false, now)) return *step;
    const auto words = line_.read(span, cause, now);
    if (words) {
        values_.store(span, *words, now);
        reads_.answered(span);
        return answered(now);
    }
    const auto error = words.error();
    if (is_final_refusal(error)) {
        tell_missing(reads_.refused(span, now), error);
        return answered(now);
    }
    if (line_.try_again(error)) return Next{false, now};
    tell_missing(reads_.failed(span, now, error.hung_up), error);
    return failed(at(span, error));
}

Result<Next> ProfileCharger::write(Duty& duty, const WriteJob& job, SteadyTime now) {
    const auto span = values_.span_of(*job.reg);
    if (auto step = hold_back(span, true, now)) return *step;
    const auto done = line_.write(span, job.words, job.reg->write_function, job.cause, now);
    if (done) {
        values_.store(span, job.words, now);
        unanswered_writes_ = 0;
        duty.written(now);
        return answered(now);
    }
    const auto error = done.error();
    if (is_final_refusal(error)) {
        duty.refused(at(span, error), now);
        return answered(now);
    }
    if (line_.try_again(error)) return Next{false, now};
    // It answers reads and not writes: that must not keep us from reading.
    if (++unanswered_writes_ > unanswered_to_refusal) duty.refused(at(span, error), now);
    return failed(at(span, error));
}

Next ProfileCharger::answered(SteadyTime now) {
    failures_ = 0;
    if (cycle_) cycle_->answered = true;
    if (refresh_) refresh_->answered = true;
    return {false, now};
}

Result<Next> ProfileCharger::failed(const Error& error) {
    if (error.code == Errc::cancelled) return error;
    if (++failures_ >= failures_to_silence) present_ = false;
    return error;
}

void ProfileCharger::tell_missing(const std::vector<std::string>& names, const Error& error) {
    if (names.empty()) return;
    log_.info("register_missing", fmt::format("the charger does not have {}; it is not asked for again: {}",
                                              fmt::join(names, ", "), error.detail));
}

}  // namespace busbar::adapters

// SPDX-License-Identifier: Apache-2.0
// One exchange of a ProfileCharger and the conclusions from it.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "adapters/profile_charger.hpp"
#include "adapters/write_guard.hpp"

namespace busbar::adapters {
namespace {

constexpr int failures_to_silence = 3;
constexpr int unanswered_to_refusal = 3;

/// It lives, and has no time. MODBUS Application Protocol V1.1b3, chapter 7: acknowledge, server device busy.
bool is_busy(const ExchangeError& error) {
    return error.code == Errc::refused && (error.exception == 5 || error.exception == 6);
}

Error at(const Span& span, const Error& error) {
    return {error.code, to_text(span) + ": " + error.detail};
}

}  // namespace

ProfileCharger::Step ProfileCharger::hold_back(const Span& span, bool is_write, SteadyTime now) {
    const auto ready = line_.ready_at(span, is_write);
    if (!ready) return failed(reads_.probe(), ready.error(), now);
    if (*ready > now) return Next{false, *ready};
    return std::nullopt;
}

Result<Next> ProfileCharger::read(const Span& span, const Cause& cause, SteadyTime now) {
    if (auto step = hold_back(span, false, now)) return *step;
    const auto words = line_.read(span, cause, now);
    if (words) {
        values_.store(span, *words, now);
        reads_.answered(span);
        return answered(span.unit, now);
    }
    const auto error = words.error();
    if (is_final_refusal(error)) {
        take(reads_.refused(span, now).missing, error);
        return answered(span.unit, now);
    }
    if (line_.try_again(error)) return Next{false, now};
    if (is_busy(error)) {
        reads_.busy(span, now);
        return at(span, error);
    }
    const auto conclusion = reads_.failed(span, now, error.hung_up);
    take(conclusion.missing, error);
    // It closes the connection on what it does not know: that is not silence, however many it does not know.
    if (error.hung_up && conclusion.learned) return at(span, error);
    return failed(span, at(span, error), now);
}

Result<Next> ProfileCharger::write(Duty& duty, const WriteJob& job, SteadyTime now) {
    const auto span = values_.span_of(*job.reg);
    if (auto error = forbidden(job, span)) {
        duty.refused(*error, now);
        return Next{false, now};
    }
    if (auto step = hold_back(span, true, now)) return *step;
    const auto done = line_.write(span, job.words, functions_.choose(*job.reg, span), job.cause, now);
    if (done) {
        values_.store(span, job.words, now);
        unanswered_writes_ = 0;
        duty.written(now);
        return answered(span.unit, now);
    }
    const auto error = done.error();
    if (is_final_refusal(error)) {
        if (!functions_.learn(*job.reg, span, error)) duty.refused(at(span, error), now);
        return answered(span.unit, now);
    }
    if (line_.try_again(error)) return Next{false, now};
    // It answers reads and not writes: that must not keep us from reading.
    if (++unanswered_writes_ > unanswered_to_refusal) duty.refused(at(span, error), now);
    return is_busy(error) ? Result<Next>(at(span, error)) : failed(span, at(span, error), now);
}

/// The one gate that every write passes.
std::optional<Error> ProfileCharger::forbidden(const WriteJob& job, const Span& span) {
    auto error = refuse_write(profile_, *job.reg, span, job.words, values_.exponent_of(*job.reg));
    if (error && told_forbidden_.insert(job.reg->name).second) {
        log_.error("write_forbidden", error->detail + "; it is not written, correct the profile",
                   {{"register", job.reg->name}});
    }
    return error;
}

Next ProfileCharger::answered(int unit, SteadyTime now) {
    auto& failures = failures_[unit];
    for (const auto& each : connectors_) {
        if (each->unit != unit || failures == 0) continue;
        failures >= failures_to_silence ? each->restart() : each->doubt();
    }
    failures = 0;
    silent_.erase(unit);
    if (cycle_) cycle_->answered = true;
    if (refresh_) refresh_->answered = true;
    return {false, now};
}

Result<Next> ProfileCharger::failed(const Span& span, const Error& error, SteadyTime now) {
    if (error.code == Errc::cancelled) return error;
    if (++failures_[span.unit] < failures_to_silence) return error;
    if (span.unit == reads_.probe().unit) {
        present_ = false;
    } else {
        silent_[span.unit] = error.detail;
        reads_.rest(span.unit, now + profile_.pacing.slow_interval);
    }
    return error;
}

void ProfileCharger::take(const std::vector<ReadList::Missing>& missing, const Error& error) {
    for (const auto& each : missing) {
        values_.mark_missing(each.span);
        log_.info("register_missing",
                  fmt::format("the charger does not have {}; it is not asked for again: {}",
                              fmt::join(each.names, ", "), error.detail));
    }
}

}  // namespace busbar::adapters

// SPDX-License-Identifier: Apache-2.0
// Gaps and retries; the waiting is the caller's.
#include "adapters/paced_registers.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace busbar::adapters {

bool is_final_refusal(const ExchangeError& error) {
    // MODBUS Application Protocol V1.1b3, chapter 7: acknowledge, busy, gateway path, gateway target.
    static constexpr std::array<int, 4> passing{5, 6, 10, 11};
    return error.code == Errc::refused &&
           std::find(passing.begin(), passing.end(), error.exception) == passing.end();
}

PacedRegisters::PacedRegisters(Registers& registers, const config::Pacing& pacing)
    : registers_(registers), pacing_(pacing) {}

Result<SteadyTime> PacedRegisters::ready_at(const Span& span, bool is_write) {
    const auto opened = registers_.open();
    if (!opened) return opened.error();
    auto ready = *opened + pacing_.delay_after_connect;
    if (const auto last = registers_.last_answer(span.unit)) {
        const auto gap = last->was_write ? std::max(pacing_.gap, pacing_.gap_after_write) : pacing_.gap;
        ready = std::max(ready, last->at + gap);
    }
    if (const auto others = registers_.last_answer_of_others(span.unit); others && pacing_.unit_switch > 0ms)
        ready = std::max(ready, *others + pacing_.unit_switch);
    const auto late = late_.find(span.unit);
    if (late == late_.end() || (late->second.span == span && late->second.is_write == is_write)) return ready;
    return std::max(ready, late->second.until);
}

/// The answer to an exchange that timed out may come within another reply time; when the repetition was
/// answered, one of the two answers may.
void PacedRegisters::conclude(const Span& span, bool is_write, const std::optional<ExchangeError>& error,
                              SteadyTime now) {
    if (!error) {
        retries_ = 0;
        sent_twice_ = false;
    }
    if (registers_.numbers_requests()) return;
    const auto late = late_.find(span.unit);
    if (error && error->code == Errc::timeout) {
        late_[span.unit] = {span, is_write, now + 2 * pacing_.reply_timeout};
    } else if (late != late_.end() && now < late->second.until) {
        late->second.until = now + pacing_.reply_timeout;
    } else if (late != late_.end()) {
        late_.erase(late);
    }
}

Exchange<Words> PacedRegisters::read(const Span& span, const Cause& cause, SteadyTime now) {
    auto answer = registers_.read(span, {pacing_.reply_timeout, cause});
    conclude(span, false, error_of(answer), now);
    return answer;
}

Exchange<void> PacedRegisters::write(const Span& span, const Words& words, config::WriteFunction function,
                                     const Cause& cause, SteadyTime now) {
    auto answer = registers_.write(span, words, function, {pacing_.reply_timeout, cause});
    conclude(span, true, error_of(answer), now);
    return answer;
}

bool PacedRegisters::try_again(const ExchangeError& error) {
    if (pacing_.send_twice && error.code == Errc::timeout && !std::exchange(sent_twice_, true)) return true;
    const bool worth_it = error.code == Errc::timeout || error.code == Errc::garbled ||
                          (error.code == Errc::refused && !is_final_refusal(error));
    if (worth_it && retries_ < pacing_.retries) {
        ++retries_;
        sent_twice_ = false;
        return true;
    }
    retries_ = 0;
    sent_twice_ = false;
    return false;
}

}  // namespace busbar::adapters

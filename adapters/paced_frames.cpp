// SPDX-License-Identifier: Apache-2.0
// Gaps and retries; the waiting is the caller's.
#include "adapters/paced_frames.hpp"

#include <algorithm>

namespace busbar::adapters {

PacedFrames::PacedFrames(FrameLine& line, int unit, const config::Pacing& pacing)
    : line_(line), unit_(unit), pacing_(pacing) {}

Result<SteadyTime> PacedFrames::ready_at() {
    const auto opened = line_.open();
    if (!opened) return opened.error();
    auto ready = *opened + pacing_.delay_after_connect;
    if (last_sent_) ready = std::max(ready, *last_sent_ + pacing_.gap);
    if (const auto last = line_.last_answer(unit_)) {
        const auto gap = last->was_write ? std::max(pacing_.gap, pacing_.gap_after_write) : pacing_.gap;
        ready = std::max(ready, last->at + gap);
    }
    if (const auto other = line_.last_answer_of_others(unit_)) {
        ready = std::max(ready, *other + pacing_.unit_switch);
    }
    return ready;
}

Exchange<std::string> PacedFrames::converse(std::string_view request, const FrameLine::IsReply& is_reply,
                                            Intent intent, const Cause& cause, SteadyTime now) {
    last_sent_ = now;
    auto answer = line_.converse(unit_, request, is_reply, {pacing_.reply_timeout, cause}, intent);
    if (answer) retries_ = 0;
    return answer;
}

bool PacedFrames::try_again(const ExchangeError& error) {
    const bool worth_it = error.code == Errc::timeout || error.code == Errc::garbled;
    if (worth_it && retries_ < pacing_.retries) {
        ++retries_;
        return true;
    }
    retries_ = 0;
    return false;
}

}  // namespace busbar::adapters

// SPDX-License-Identifier: Apache-2.0
#include "gateway/time_questions.hpp"

namespace busbar::gateway {

void TimeQuestions::ask(const Path& path, const config::Url& url) {
    if (clock_.source() > TimeSource::network) return;
    if (asked_at_ && steady_now() - *asked_at_ < pause) return;
    asked_at_ = steady_now();
    fetch_time(loop_, path, tls_, url, [this](const Result<UtcTime>& time) {
        if (time) clock_.offer(*time, TimeSource::network);
        if (!time) clock_.not_told(time.error().detail);
    });
}

}  // namespace busbar::gateway

// SPDX-License-Identifier: Apache-2.0
// The exchanges of one box on a line of messages, at the pace its manual asks for.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "adapters/frame_line.hpp"
#include "config/profile.hpp"

namespace busbar::adapters {

class PacedFrames {
  public:
    /// `line` outlives this.
    PacedFrames(FrameLine& line, int unit, const config::Pacing& pacing);

    /// When the next exchange may begin: the gap counts from what was sent last and from the last answer.
    /// Opens the line when it is closed; errors as FrameLine::open().
    Result<SteadyTime> ready_at();

    Exchange<std::string> converse(std::string_view request, const FrameLine::IsReply& is_reply,
                                   Intent intent, const Cause& cause, SteadyTime now);

    /// Whether the exchange that just failed is to be tried again before it counts as failed.
    bool try_again(const ExchangeError& error);

    std::vector<std::string> take_others() { return line_.take_others(); }

  private:
    FrameLine& line_;
    int unit_;
    config::Pacing pacing_;
    std::optional<SteadyTime> last_sent_;
    int retries_ = 0;  ///< of the exchange under way
};

}  // namespace busbar::adapters

// SPDX-License-Identifier: Apache-2.0
// The last trace events, numbered, for whoever asks: busbarctl trace, the demo, later the web pages.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "gateway/base/trace.hpp"

namespace busbar::gateway {

struct NumberedTrace {
    std::int64_t number;  ///< 1, 2, 3, ... in the order seen
    TraceEvent event;
};

/// Loop thread only. Bounded: the oldest events give way, frames to frames and exchanges to exchanges, so
/// that a busy line does not push out what the central system said.
class TraceRing {
  public:
    static constexpr std::size_t capacity = 2000;      ///< of each
    static constexpr std::size_t longest_text = 4000;  ///< longer texts are cut

    void add(TraceEvent event);
    /// Events with number > after, oldest first, at most 500.
    [[nodiscard]] std::vector<NumberedTrace> since(std::int64_t after) const;
    [[nodiscard]] std::int64_t last() const { return last_; }
    [[nodiscard]] const std::deque<NumberedTrace>& frames() const { return frames_; }
    [[nodiscard]] const std::deque<NumberedTrace>& exchanges() const { return exchanges_; }

  private:
    std::deque<NumberedTrace> frames_;
    std::deque<NumberedTrace> exchanges_;
    std::int64_t last_ = 0;
};

}  // namespace busbar::gateway

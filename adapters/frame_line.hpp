// SPDX-License-Identifier: Apache-2.0
// A bus that carries the messages of a proprietary protocol: lines of text on a serial port, or datagrams.
#pragma once

#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/line.hpp"

namespace busbar::adapters {

/// On a serial port a message is what stands before a CR, an LF or both, without them (empty ones are
/// dropped); over UDP it is a datagram. Lives on the bus's thread; only interrupt() may be called from
/// another.
class FrameLine : public Line {
  public:
    using Line::Line;

    FrameLine* frames() override { return this; }

    /// One exchange on an open line: sends `request` (with its own line end) to `unit`, which only counters
    /// and trace know, and gives the first message that `is_reply` accepts. Messages that it does not accept
    /// are kept for take_others(). Errors: timeout, garbled (more noise than a message can be long),
    /// unreachable, cancelled.
    using IsReply = std::function<bool(std::string_view message)>;
    Exchange<std::string> converse(int unit, std::string_view request, const IsReply& is_reply,
                                   const Terms& terms);

    /// Sends what nobody answers.
    Exchange<void> tell(int unit, std::string_view request, const Terms& terms);

    /// Looks without waiting whether something came by itself. Messages that no exchange asked for, oldest
    /// first; of more than 32 the oldest are dropped.
    std::vector<std::string> take_others();

  protected:
    static constexpr std::size_t kLongestMessage = 2048;  ///< bytes; KEBA's reports are below 1,500

  private:
    /// Sends all of it. Errors as converse().
    virtual Exchange<void> transmit(std::string_view bytes) = 0;
    /// The next message, waiting until `deadline`; a deadline in the past looks only.
    virtual Exchange<std::string> receive(SteadyTime deadline) = 0;

    std::deque<std::string> others_;
};

}  // namespace busbar::adapters

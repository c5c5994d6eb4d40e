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

/// What a message does to the box; for pacing and the trace.
enum class Intent { read, write };

/// On a serial port a message is what stands before a CR, an LF or both, without them (empty ones are
/// dropped); over UDP it is a datagram. Lives on the bus's thread; only interrupt() may be called from
/// another.
class FrameLine : public Line {
  public:
    using Line::Line;

    FrameLine* frames() override { return this; }

    /// One exchange on an open line: sends `request` (with its own line end) to `unit`, which only counters
    /// and trace know, and gives the first message after it that `is_reply` accepts, complete within the
    /// reply_timeout from the end of the request. All other messages, also those that came before the
    /// request, are kept for take_others(). Where `pause` is above 0, an answer that has begun in time goes
    /// on through pauses of that length, until 2 s after that end. A reply that is not `is_intact` is
    /// garbled. Errors: timeout, garbled (also more noise than a message can be long), unreachable,
    /// cancelled.
    using IsReply = std::function<bool(std::string_view message)>;
    Exchange<std::string> converse(int unit, std::string_view request, const IsReply& is_reply,
                                   const Terms& terms, Intent intent = Intent::read,
                                   const IsReply& is_intact = {}, milliseconds pause = {});

    /// Sends what nobody answers. Its end counts as the unit's last answer. Errors: timeout (the line takes
    /// nothing), unreachable, cancelled.
    Exchange<void> tell(int unit, std::string_view request, const Terms& terms);

    /// Looks without waiting whether something came by itself. Messages that no exchange asked for, oldest
    /// first; of more than 32 the oldest are dropped.
    std::vector<std::string> take_others();

  protected:
    static constexpr std::size_t kLongestMessage = 2048;  ///< bytes; KEBA's reports are below 1,500

  private:
    /// Sends all of it; when its last byte has left. Errors as tell().
    virtual Exchange<SteadyTime> transmit(std::string_view bytes) = 0;
    /// The next message, waiting until `deadline`; a deadline in the past looks only. Errors as converse().
    virtual Exchange<std::string> receive(SteadyTime deadline) = 0;

    /// Bytes of a message that has begun and has no end yet.
    [[nodiscard]] virtual std::size_t unfinished() const { return 0; }

    Exchange<std::string> exchange(std::string_view request, const IsReply& is_reply,
                                   milliseconds reply_timeout, milliseconds pause);
    Exchange<std::string> patient(SteadyTime deadline, milliseconds pause, std::size_t stale);
    void collect();
    void keep(std::string message);

    std::deque<std::string> others_;
};

}  // namespace busbar::adapters

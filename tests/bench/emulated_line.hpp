// SPDX-License-Identifier: Apache-2.0
// A serial line with sixteen chargers on it, on a pseudo terminal: bytes take the time they take on a wire.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace busbar::bench {

/// One exchange as the line saw it; times of CLOCK_MONOTONIC in nanoseconds.
struct LineEvent {
    std::int64_t request_began;
    std::int64_t request_ended;
    std::int64_t answer_ended;
    int unit;
    int function;
    int address;
    int count;  ///< registers
};

/// A process of its own, so that what it costs is not the gateway's. It answers function codes 3, 4, 6 and 16
/// for every unit id as a Heidelberg box in state A would, 3.5 characters after the request has ended.
class EmulatedLine {
  public:
    /// `baud` 0: bytes take no time, and neither does the silence. Room for `most_events`; later ones are not
    /// recorded.
    EmulatedLine(int baud, std::size_t most_events);
    EmulatedLine(const EmulatedLine&) = delete;
    EmulatedLine& operator=(const EmulatedLine&) = delete;
    ~EmulatedLine();

    [[nodiscard]] const std::string& device() const { return device_; }

    /// Ends the line and says what went over it.
    std::vector<LineEvent> stop();

  private:
    struct Journal;

    Journal* journal_ = nullptr;  ///< shared with the process
    std::size_t journal_size_;
    std::string device_;
    pid_t process_ = -1;
};

/// What the wire itself needs: (13 + 2N) characters of 11 bits for a read, 16 for a write of one register,
/// and twice 3.5 characters of silence.
std::int64_t line_time_ns(const LineEvent& event, int baud);

}  // namespace busbar::bench

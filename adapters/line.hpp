// SPDX-License-Identifier: Apache-2.0
// One bus as its drivers share it: opened in one place, every exchange counted, timed and shown to the trace.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "adapters/busy_share.hpp"
#include "adapters/reply_times.hpp"
#include "gateway/base/result.hpp"
#include "gateway/base/time.hpp"
#include "gateway/base/trace.hpp"

namespace busbar::adapters {

class FrameLine;
class Registers;

/// Why an exchange failed, with what a driver draws conclusions from.
struct ExchangeError : Error {
    int exception = 0;     ///< the Modbus exception code, when the unit answered no (Errc::refused)
    bool hung_up = false;  ///< the peer closed the open connection instead of answering
};
template <class T>
using Exchange = boost::system::result<T, ExchangeError>;

template <class T>
std::optional<ExchangeError> error_of(const Exchange<T>& answer) {
    if (answer) return std::nullopt;
    return answer.error();
}

/// The conditions of one exchange.
struct Terms {
    milliseconds reply_timeout{500};  ///< from the end of the request to the first byte of the answer
    Cause cause;                      ///< for the trace
};

/// What happened on the line with one unit since the start.
struct UnitCounters {
    std::uint64_t exchanges = 0;
    std::uint64_t timeouts = 0;
    std::uint64_t garbled = 0;     ///< CRC, length, another unit's answer
    std::uint64_t exceptions = 0;  ///< answered no
    std::uint64_t hang_ups = 0;    ///< connection closed during the exchange
    ReplyTimes reply_times;        ///< from the request's first byte to the end of the answer; answered ones
    BusyShare load;                ///< of the line by its exchanges, answered or not
    std::string last_error;
};

/// Lives on the bus's thread; only interrupt() may be called from another.
class Line {
  public:
    using Clock = std::function<SteadyTime()>;
    struct LastAnswer {
        SteadyTime at;
        bool was_write;
    };

    Line(std::string bus, TraceTap tap, Clock clock);
    Line(const Line&) = delete;
    Line& operator=(const Line&) = delete;
    virtual ~Line() = default;

    /// Makes sure that the line is open and quiet, connecting when it is not; says since when it is open.
    /// Attempts are a second apart, on a network as space_attempts() says: until then the last cause is the
    /// answer.
    /// Errors: unreachable (device missing, no permission, host refused), cancelled after interrupt().
    virtual Result<SteadyTime> open() = 0;

    /// On a network: at least this long between two attempts to open it, for stacks that reconnecting wears
    /// out.
    void space_attempts(milliseconds between) { between_attempts_ = between; }

    /// Any thread: ends the exchange under way and makes every later one fail at once, for an orderly stop.
    virtual void interrupt() = 0;

    /// Opens the line and gives what others say on it within `time`, at most 256 bytes; sends nothing. What
    /// came before is not heard. Nothing ever on a line where nobody speaks unasked.
    /// Errors: as open().
    virtual Result<std::vector<std::uint8_t>> listen(milliseconds /*time*/) {
        return std::vector<std::uint8_t>{};
    }

    /// The line as what it is; nullptr when it is the other.
    virtual Registers* registers() { return nullptr; }
    virtual FrameLine* frames() { return nullptr; }

    /// The end of the unit's last answer, an exception included; pacing counts from here.
    [[nodiscard]] std::optional<LastAnswer> last_answer(int unit) const;
    /// The end of the last answer of any unit but this one.
    [[nodiscard]] std::optional<SteadyTime> last_answer_of_others(int unit) const;
    [[nodiscard]] const std::map<int, UnitCounters>& counters() const { return counters_; }

  protected:
    [[nodiscard]] const std::string& bus() const { return bus_; }
    [[nodiscard]] SteadyTime now() const { return clock_(); }
    [[nodiscard]] milliseconds between_attempts() const { return between_attempts_; }

    /// Whether anybody answers at all: where not, the end of the request is no reply time.
    enum class Answer { expected, none };

    /// One exchange that began at `began` is over.
    void conclude(int unit, SteadyTime began, bool was_write, const std::optional<ExchangeError>& error,
                  Answer answer = Answer::expected);
    void trace(TraceKind kind, SteadyTime began, std::string text, const Cause& cause) const;

  private:
    std::string bus_;
    TraceTap tap_;
    Clock clock_;
    milliseconds between_attempts_{1000};
    std::map<int, UnitCounters> counters_;
    std::map<int, LastAnswer> last_answers_;
};

}  // namespace busbar::adapters

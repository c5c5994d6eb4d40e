// SPDX-License-Identifier: Apache-2.0
// Register access on one bus: one call is one exchange, counted, timed and shown to the trace.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/profile.hpp"
#include "gateway/base/result.hpp"
#include "gateway/base/time.hpp"
#include "gateway/base/trace.hpp"

namespace busbar::adapters {

/// Registers as they are on the wire; a coil or discrete input is a word of 0 or 1.
using Words = std::vector<std::uint16_t>;

/// A stretch of one table of one unit: `count` registers or bits from `address` on.
struct Span {
    int unit = 1;  ///< Modbus unit id: 1 to 247 on a serial line, 0 to 255 on TCP
    config::Table table = config::Table::holding;
    int address = 0;  ///< zero-based
    int count = 1;
    friend auto operator<=>(const Span&, const Span&) = default;
};

/// "unit 1 holding 261" or "unit 1 input 5..18".
std::string to_text(const Span& span);

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
    std::chrono::microseconds last_reply_time{0};
    std::string last_error;
};

/// The registers behind one bus. Lives on the bus's thread; only interrupt() may be called from another.
class Registers {
  public:
    using Clock = std::function<SteadyTime()>;
    struct LastAnswer {
        SteadyTime at;
        bool was_write;
    };

    Registers(std::string bus, TraceTap tap, Clock clock = &steady_now);
    Registers(const Registers&) = delete;
    Registers& operator=(const Registers&) = delete;
    virtual ~Registers() = default;

    /// Makes sure that the line is open and quiet, connecting when it is not; says since when it is open.
    /// Attempts are a second apart: until then the last cause is the answer.
    /// Errors: unreachable (device missing, no permission, host refused), cancelled after interrupt().
    virtual Result<SteadyTime> open() = 0;

    /// One exchange each, on an open line. `words` fill the span. Errors: timeout, garbled, refused,
    /// unreachable, invalid (a span no Modbus request can carry), cancelled.
    Exchange<Words> read(const Span& span, const Terms& terms);
    Exchange<void> write(const Span& span, const Words& words, config::WriteFunction function,
                         const Terms& terms);

    /// Any thread: ends the exchange under way and makes every later one fail at once, for an orderly stop.
    virtual void interrupt() = 0;

    /// Answers carry the number of their request: a late one cannot be taken for the answer to a later
    /// request.
    [[nodiscard]] virtual bool numbers_requests() const = 0;

    /// The end of the unit's last answer, an exception included; pacing counts from here.
    [[nodiscard]] std::optional<LastAnswer> last_answer(int unit) const;
    [[nodiscard]] const std::map<int, UnitCounters>& counters() const { return counters_; }

  protected:
    [[nodiscard]] const std::string& bus() const { return bus_; }
    [[nodiscard]] SteadyTime now() const { return clock_(); }

  private:
    virtual Exchange<Words> transfer_read(const Span& span, milliseconds reply_timeout) = 0;
    virtual Exchange<void> transfer_write(const Span& span, const Words& words,
                                          config::WriteFunction function, milliseconds reply_timeout) = 0;

    void count(int unit, SteadyTime began, const std::optional<ExchangeError>& error);
    void note_answer(int unit, bool was_write, const std::optional<ExchangeError>& error);
    void trace(TraceKind kind, std::string text, const Cause& cause) const;

    std::string bus_;
    TraceTap tap_;
    Clock clock_;
    std::map<int, UnitCounters> counters_;
    std::map<int, LastAnswer> last_answers_;
};

}  // namespace busbar::adapters

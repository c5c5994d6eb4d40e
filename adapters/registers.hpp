// SPDX-License-Identifier: Apache-2.0
// Register access on one bus: one call is one exchange, counted, timed and shown to the trace.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "adapters/line.hpp"
#include "config/profile.hpp"

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

/// The registers behind one bus. Lives on the bus's thread; only interrupt() may be called from another.
class Registers : public Line {
  public:
    explicit Registers(std::string bus, TraceTap tap, Clock clock = &steady_now);

    Registers* registers() override { return this; }

    /// One exchange each, on an open line. `words` fill the span. Errors: timeout, garbled, refused,
    /// unreachable, invalid (a span no Modbus request can carry), cancelled.
    Exchange<Words> read(const Span& span, const Terms& terms);
    Exchange<void> write(const Span& span, const Words& words, config::WriteFunction function,
                         const Terms& terms);

    /// Answers carry the number of their request: a late one cannot be taken for the answer to a later
    /// request.
    [[nodiscard]] virtual bool numbers_requests() const = 0;

  private:
    virtual Exchange<Words> transfer_read(const Span& span, milliseconds reply_timeout) = 0;
    virtual Exchange<void> transfer_write(const Span& span, const Words& words,
                                          config::WriteFunction function, milliseconds reply_timeout) = 0;
};

}  // namespace busbar::adapters

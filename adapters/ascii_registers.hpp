// SPDX-License-Identifier: Apache-2.0
// Registers over a line of text: Modbus ASCII, and ABL's dialect of it.
#pragma once

#include <memory>
#include <string>

#include "adapters/ascii_frame.hpp"
#include "adapters/frame_line.hpp"
#include "adapters/registers.hpp"

namespace busbar::adapters {

/// Unit 0 is a broadcast: a write to it is sent and nothing awaited; only ABL answers a read of it, with the
/// unit id of the box. Answers of other units and to other requests are passed over: they are late. The line
/// may give back what we send, as an RS485 adapter without a switch for it does.
class AsciiRegisters final : public Registers {
  public:
    /// `line` carries the text on `bus`; its own trace and counters are not shown.
    AsciiRegisters(const config::Bus& bus, std::unique_ptr<FrameLine> line, AsciiDialect dialect,
                   TraceTap tap, Clock clock = &steady_now);

    Result<SteadyTime> open() override { return line_->open(); }
    void interrupt() override { line_->interrupt(); }
    Result<std::vector<std::uint8_t>> listen(milliseconds time) override { return line_->listen(time); }
    [[nodiscard]] bool numbers_requests() const override { return false; }

  private:
    Exchange<Words> transfer_read(const Span& span, milliseconds reply_timeout) override;
    Exchange<void> transfer_write(const Span& span, const Words& words, config::WriteFunction function,
                                  milliseconds reply_timeout) override;

    /// What an intact answer to this request is.
    using Fits = std::function<bool(std::span<const std::uint8_t> pdu)>;
    Exchange<Bytes> converse(int unit, const Bytes& request, const Fits& fits, milliseconds reply_timeout);

    [[nodiscard]] Terms terms_for(std::size_t answer_bytes, milliseconds reply_timeout) const;

    std::unique_ptr<FrameLine> line_;
    AsciiDialect dialect_;
    int baud_;
    bool echoes_ = false;  ///< the line was seen to give back what we sent
};

}  // namespace busbar::adapters

// SPDX-License-Identifier: Apache-2.0
// Modbus RTU, server side: unit, PDU, CRC; a frame ends where its function says, or at a silence.
#pragma once

#include "adapters/sim/framing.hpp"

namespace busbar::sim {

/// CRC-16/MODBUS over the first `count` bytes (MODBUS over serial line V1.02, section 6.2.2).
std::uint16_t modbus_crc(const Bytes& bytes, std::size_t count);

class RtuFraming final : public Framing {
  public:
    void feed(const Bytes& bytes, SteadyTime now) override;
    std::optional<Request> next(SteadyTime now) override;
    [[nodiscard]] std::optional<SteadyTime> deadline() const override;
    [[nodiscard]] Bytes frame(const Request& request, const Bytes& answer) const override;
    void garble(Bytes& frame) const override;

  private:
    Bytes buffer_;
    SteadyTime last_byte_;
};

}  // namespace busbar::sim

// SPDX-License-Identifier: Apache-2.0
// Modbus TCP, server side: the MBAP header (transaction, protocol 0, length, unit) before each PDU.
#pragma once

#include "adapters/sim/framing.hpp"

namespace busbar::sim {

class MbapFraming final : public Framing {
  public:
    void feed(const Bytes& bytes, SteadyTime now) override;
    std::optional<Request> next(SteadyTime now) override;
    [[nodiscard]] bool broken() const override { return broken_; }
    [[nodiscard]] Bytes frame(const Request& request, const Bytes& answer) const override;
    void garble(Bytes& frame) const override;

  private:
    Bytes buffer_;
    bool broken_ = false;
};

}  // namespace busbar::sim

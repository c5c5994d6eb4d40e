// SPDX-License-Identifier: Apache-2.0
// A datagram is a request; there is one box behind a port, unit 1.
#pragma once

#include <deque>

#include "adapters/sim/framing.hpp"

namespace busbar::sim {

class DatagramFraming final : public Framing {
  public:
    void feed(const Bytes& bytes, SteadyTime now) override;
    std::optional<Request> next(SteadyTime now) override;
    [[nodiscard]] Bytes frame(const Request& request, const Bytes& answer) const override;
    void garble(Bytes& frame) const override { frame.front() = 0x7F; }

  private:
    std::deque<Bytes> waiting_;
};

}  // namespace busbar::sim

// SPDX-License-Identifier: Apache-2.0
// ABL-Sursum EVCC, first generation, box side: "!n CC [xxxx]" asks, ">n CC [xxxx]" answers (manual 03 0009
// 01).
#pragma once

#include <string>

#include "adapters/sim/framing.hpp"

namespace busbar::sim {

/// The payload is the text after the address.
class Evcc1Framing final : public Framing {
  public:
    void feed(const Bytes& bytes, SteadyTime now) override;
    std::optional<Request> next(SteadyTime now) override;
    [[nodiscard]] Bytes frame(const Request& request, const Bytes& answer) const override;
    void garble(Bytes& frame) const override { frame.front() = '?'; }

  private:
    std::string buffer_;
};

}  // namespace busbar::sim

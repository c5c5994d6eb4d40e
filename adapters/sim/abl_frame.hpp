// SPDX-License-Identifier: Apache-2.0
// ABL's "Modbus ASCII", box side (05 0015 20 Rev B): requests begin with ':', answers with '>'.
#pragma once

#include <string>

#include "adapters/sim/framing.hpp"

namespace busbar::sim {

class AblFraming final : public Framing {
  public:
    void feed(const Bytes& bytes, SteadyTime now) override;
    std::optional<Request> next(SteadyTime now) override;
    [[nodiscard]] Bytes frame(const Request& request, const Bytes& answer) const override;
    void garble(Bytes& frame) const override;

  private:
    std::string buffer_;
    SteadyTime last_byte_;
};

}  // namespace busbar::sim

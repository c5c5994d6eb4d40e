// SPDX-License-Identifier: Apache-2.0
// Modbus ASCII, box side, and ABL's dialect of it: requests begin with ':', ABL's answers with '>'.
// Sources: MODBUS over Serial Line V1.02, section 2.5.2; ABL 05 0015 20 Rev B.
#pragma once

#include <string>

#include "adapters/sim/framing.hpp"

namespace busbar::sim {

class AsciiFraming final : public Framing {
  public:
    /// A pause between two characters that is longer than `longest_pause` aborts a request.
    AsciiFraming(char answer_start, milliseconds longest_pause)
        : answer_start_(answer_start), longest_pause_(longest_pause) {}

    void feed(const Bytes& bytes, SteadyTime now) override;
    std::optional<Request> next(SteadyTime now) override;
    [[nodiscard]] Bytes frame(const Request& request, const Bytes& answer) const override;
    void garble(Bytes& frame) const override;

  private:
    char answer_start_;
    milliseconds longest_pause_;
    std::string buffer_;
    SteadyTime last_byte_;
};

}  // namespace busbar::sim

// SPDX-License-Identifier: Apache-2.0
// RAPI, the controller's side: what stands between a '$' and a CR, in a buffer of 32 bytes.
#pragma once

#include <string>
#include <string_view>

#include "adapters/sim/framing.hpp"

namespace busbar::sim {

/// The text with "$" before, "^" and the XOR of all behind (none for `bare`), and a CR.
std::string rapi_frame(std::string_view text, bool bare);

/// RAPI knows no unit ids: everything is for unit 1. Requests keep their checksum, which is the box's to
/// judge, and lose '$' and CR.
class RapiFraming final : public Framing {
  public:
    void feed(const Bytes& bytes, SteadyTime now) override;
    std::optional<Request> next(SteadyTime now) override;
    [[nodiscard]] Bytes frame(const Request& request, const Bytes& answer) const override;
    void garble(Bytes& frame) const override;

  private:
    std::string received_;
};

extern const Protocol rapi_protocol;

}  // namespace busbar::sim

// SPDX-License-Identifier: Apache-2.0
// Framing: how the bytes of one connection become requests, and answers become bytes again.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "adapters/sim/bytes.hpp"
#include "gateway/base/time.hpp"

namespace busbar::sim {

/// What the master asks of one unit, without the frame around it.
struct Request {
    int unit = 0;
    Bytes payload;                  ///< Modbus: function code and data
    std::uint16_t transaction = 0;  ///< Modbus TCP only: the answer carries the same
};

/// One per connection. Told the time; keeps at most one frame's worth of unfinished bytes.
class Framing {
  public:
    Framing() = default;
    Framing(const Framing&) = delete;
    Framing& operator=(const Framing&) = delete;
    virtual ~Framing() = default;

    virtual void feed(const Bytes& bytes, SteadyTime now) = 0;

    /// The next complete and undamaged request; call until empty.
    virtual std::optional<Request> next(SteadyTime now) = 0;

    /// When next() may find something without further bytes (a silence that ends a frame).
    [[nodiscard]] virtual std::optional<SteadyTime> deadline() const { return std::nullopt; }

    /// The stream can no longer be understood; a server hangs up.
    [[nodiscard]] virtual bool broken() const { return false; }

    [[nodiscard]] virtual Bytes frame(const Request& request, const Bytes& answer) const = 0;

    /// Damages a framed answer so that every correct master notices.
    virtual void garble(Bytes& frame) const = 0;
};

/// A family of chargers that can share a line.
struct Protocol {
    std::string_view name;
    std::unique_ptr<Framing> (*on_serial)();           ///< null: it has no serial form
    std::unique_ptr<Framing> (*on_tcp)();              ///< null: the protocol has no TCP form of its own
    std::unique_ptr<Framing> (*on_udp)() = nullptr;    ///< the same for UDP; fed one datagram at a time
    std::unique_ptr<Framing> (*on_ascii)() = nullptr;  ///< null: there is no second form, in hex digits
};

}  // namespace busbar::sim

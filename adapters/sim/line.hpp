// SPDX-License-Identifier: Apache-2.0
// The line with its stations: requests in, answers out when they are due, noise when it is ordered.
#pragma once

#include <deque>

#include "adapters/sim/station.hpp"

namespace busbar::sim {

class Line {
  public:
    using ConnectionId = int;  ///< one for a serial line, one per client on TCP

    struct Outgoing {
        std::optional<ConnectionId> connection;  ///< empty: everybody on the line hears it
        Bytes bytes;
    };

    /// REQUIRES: no two stations have the same unit.
    explicit Line(std::vector<Station> stations) : stations_(std::move(stations)) {}

    /// Null: no such unit.
    Station* find(int unit);

    /// Takes the requests that `framing` has by now. What is for nobody here, or for all (unit 0), is not
    /// answered.
    void serve(ConnectionId connection, Framing& framing, SteadyTime now);

    /// Garbage in bursts, as from a loose termination or two masters.
    void babble(bool on, SteadyTime now);

    std::vector<Outgoing> take_due(SteadyTime now);
    [[nodiscard]] std::optional<SteadyTime> next_due() const;

  private:
    struct Pending {
        SteadyTime due;
        Outgoing outgoing;
    };

    Bytes noise();
    void collect_notifications(SteadyTime now);

    std::vector<Station> stations_;
    std::vector<Pending> pending_;
    std::optional<SteadyTime> next_babble_;
    std::optional<SteadyTime> next_look_;     ///< at boxes that speak by themselves
    std::uint32_t noise_state_ = 0x2545F491;  ///< fixed, so that a run can be repeated
};

}  // namespace busbar::sim

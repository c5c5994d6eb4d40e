// SPDX-License-Identifier: Apache-2.0
// What time it is for what we send: the system's clock while it can be believed, else the central system's
// word.
#pragma once

#include <optional>

#include "gateway/base/time.hpp"

namespace busbar::gateway {

class Timekeeper {
  public:
    /// No true present lies before `floor` (wall_clock.hpp).
    explicit Timekeeper(UtcTime floor) : floor_(floor) {}

    /// The present. `system` is the wall clock, empty while it stands before the floor.
    [[nodiscard]] Now now(SteadyTime steady, std::optional<UtcTime> system) const;

    /// The central system's currentTime, heard at `steady`; counts only while the system has no time,
    /// and never a time before the floor.
    void offer(UtcTime utc, SteadyTime steady);

  private:
    struct Known {
        UtcTime utc;
        SteadyTime at;
    };
    UtcTime floor_;
    std::optional<Known> heard_;
};

}  // namespace busbar::gateway

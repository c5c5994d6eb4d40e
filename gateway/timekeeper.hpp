// SPDX-License-Identifier: Apache-2.0
// What time it is for what we send: the system's clock while it can be believed, else the central system's
// word.
#pragma once

#include <optional>

#include "gateway/base/time.hpp"

namespace busbar::gateway {

class Timekeeper {
  public:
    /// The present. `system` is the wall clock, empty while it stands before the release's date
    /// (wall_clock.hpp).
    [[nodiscard]] Now now(SteadyTime steady, std::optional<UtcTime> system) const;

    /// The central system's currentTime, heard at `steady`; counts only while the system has no time,
    /// and never a time before the release's date.
    void offer(UtcTime utc, SteadyTime steady);

  private:
    struct Known {
        UtcTime utc;
        SteadyTime at;
    };
    std::optional<Known> heard_;
};

}  // namespace busbar::gateway

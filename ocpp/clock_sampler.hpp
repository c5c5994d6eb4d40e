// SPDX-License-Identifier: Apache-2.0
// When clock-aligned samples are due: on a grid of ClockAlignedDataInterval that begins at 00:00:00 UTC (OCPP
// 1.6 section 3.16.2, R70), and only with fresh values.
#pragma once

#include <optional>

#include "gateway/base/time.hpp"

namespace busbar::ocpp {

class ClockSampler {
  public:
    /// A grid time that finds no fresh reading within this is skipped: nothing is invented (R75).
    static constexpr seconds give_up_after{10};

    struct Decision {
        bool refresh = false;           ///< fresh values are needed now
        std::optional<UtcTime> sample;  ///< sample now, under this grid time
    };

    /// `interval` 0: off. `fresh`: the values to hand are fresh enough to be sent. Nothing is due while UTC
    /// is unknown; after a step of the clock the grid goes on from the new time.
    Decision decide(const Now& now, seconds interval, bool fresh);

    [[nodiscard]] std::optional<SteadyTime> next_deadline() const { return deadline_; }

  private:
    seconds interval_{0};
    std::optional<UtcTime> due_;
    bool refreshing_ = false;
    std::optional<SteadyTime> deadline_;
};

}  // namespace busbar::ocpp

// SPDX-License-Identifier: Apache-2.0
// How much of a line's time goes to one unit: the last whole minute, or what there was of the first.
#pragma once

#include "gateway/base/time.hpp"

namespace busbar::adapters {

class BusyShare {
  public:
    /// An exchange took the line from `began` to `ended`; calls come in the order of time.
    void add(SteadyTime began, SteadyTime ended);
    /// 0 to 1.
    [[nodiscard]] double share() const { return share_; }

  private:
    bool whole_minute_ = false;
    double share_ = 0;
    SteadyTime began_{};
    SteadyEpoch::duration busy_{0};
};

}  // namespace busbar::adapters

// SPDX-License-Identifier: Apache-2.0
// Whether UTC was set: it moves against the steady clock.
#pragma once

#include <optional>

#include "gateway/base/time.hpp"

namespace busbar::ocpp {

/// A clock that is set again and again, by two who disagree, is told of every ten minutes.
class ClockSteps {
  public:
    static constexpr seconds smallest{10};
    static constexpr seconds told_within{600};

    /// By how much it was set since the last call, where that is worth telling.
    std::optional<seconds> look(const Now& now);

  private:
    std::optional<UtcTime::duration> offset_;  ///< of UTC to steady time
    std::optional<SteadyTime> told_at_;
};

}  // namespace busbar::ocpp

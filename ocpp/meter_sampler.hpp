// SPDX-License-Identifier: Apache-2.0
// When one transaction is sampled: every MeterValueSampleInterval from its start, and only with fresh values.
#pragma once

#include <optional>

#include "gateway/base/time.hpp"

namespace busbar::ocpp {

class MeterSampler {
  public:
    /// A sample that finds no fresh reading this long after it was due is skipped: nothing is invented (R75).
    static constexpr seconds give_up_after{10};

    enum class Decision { nothing, refresh, sample };

    void start(SteadyTime now) {
        last_ = now;
        refreshing_ = false;
        sampled_.reset();
    }

    /// `interval` 0: off. `reading`: when the values to hand were read, if they are fresh enough to be sent.
    /// The same reading is no second sample.
    Decision decide(SteadyTime now, seconds interval, std::optional<SteadyTime> reading);

    [[nodiscard]] std::optional<SteadyTime> next_deadline(seconds interval) const;

  private:
    SteadyTime last_;  ///< when the last sample was due
    bool refreshing_ = false;
    std::optional<SteadyTime> sampled_;  ///< the reading of the last sample
};

}  // namespace busbar::ocpp

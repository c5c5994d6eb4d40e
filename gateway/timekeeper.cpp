// SPDX-License-Identifier: Apache-2.0
#include "gateway/timekeeper.hpp"

namespace busbar::gateway {

Now Timekeeper::now(SteadyTime steady, std::optional<UtcTime> system) const {
    if (system || !heard_) return {steady, system};
    return {steady, heard_->utc + std::chrono::duration_cast<milliseconds>(steady - heard_->at)};
}

void Timekeeper::offer(UtcTime utc, SteadyTime steady) {
    if (utc >= floor_) heard_ = Known{utc, steady};
}

}  // namespace busbar::gateway

// SPDX-License-Identifier: Apache-2.0
#include "ocpp/clock_steps.hpp"

#include <utility>

namespace busbar::ocpp {

std::optional<seconds> ClockSteps::look(const Now& now) {
    if (!now.utc) return std::nullopt;
    const auto offset =
        now.utc->time_since_epoch() - std::chrono::duration_cast<milliseconds>(now.steady.time_since_epoch());
    const auto before = std::exchange(offset_, offset);
    if (!before) return std::nullopt;
    const auto step = std::chrono::round<seconds>(offset - *before);
    if (std::chrono::abs(step) < smallest) return std::nullopt;
    if (told_at_ && now.steady - *told_at_ < told_within) return std::nullopt;
    told_at_ = now.steady;
    return step;
}

}  // namespace busbar::ocpp

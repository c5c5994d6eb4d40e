// SPDX-License-Identifier: Apache-2.0
#include "gateway/base/time.hpp"

namespace busbar {

SteadyTime steady_now() {
    const auto since_boot = std::chrono::steady_clock::now().time_since_epoch();
    return SteadyTime(std::chrono::duration_cast<SteadyEpoch::duration>(since_boot));
}

}  // namespace busbar

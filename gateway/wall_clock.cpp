// SPDX-License-Identifier: Apache-2.0
// BUSBAR_RELEASE_TIME is the date of the newest entry of packaging/debian/changelog, so that builds
// reproduce.
#include "gateway/wall_clock.hpp"

#include <algorithm>

namespace busbar::gateway {

UtcTime clock_floor() {
    return UtcTime(seconds(BUSBAR_RELEASE_TIME));
}

UtcTime wall_now() {
    return std::chrono::floor<milliseconds>(std::chrono::system_clock::now());
}

std::optional<UtcTime> trusted_utc() {
    const UtcTime now = wall_now();
    if (now < clock_floor()) return std::nullopt;
    return now;
}

UtcTime verification_time() {
    return std::max(wall_now(), clock_floor());
}

}  // namespace busbar::gateway

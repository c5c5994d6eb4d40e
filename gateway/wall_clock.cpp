// SPDX-License-Identifier: Apache-2.0
// BUSBAR_RELEASE_TIME is the day of the build in seconds since 1970.
#include "gateway/wall_clock.hpp"

#include <sys/timex.h>

namespace busbar::gateway {
namespace {

bool is_synchronised() {
    timex reading{};
    const int state = adjtimex(&reading);
    return state != -1 && state != TIME_ERROR && (reading.status & STA_UNSYNC) == 0;
}

}  // namespace

UtcTime release_date() {
    return UtcTime(seconds(BUSBAR_RELEASE_TIME));
}

UtcTime wall_now() {
    return std::chrono::floor<milliseconds>(std::chrono::system_clock::now());
}

SystemClock system_clock(bool ask_kernel) {
    return {wall_now(), ask_kernel && is_synchronised()};
}

}  // namespace busbar::gateway

// SPDX-License-Identifier: Apache-2.0
// A kernel's clock for busbar-set-clock, preloaded: nobody keeps it unless FAKE_CLOCK_IS_KEPT is set, and
// what it would be set to is printed.
#include <sys/timex.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>

extern "C" int adjtimex(timex* reading) noexcept {
    const bool is_kept = std::getenv("FAKE_CLOCK_IS_KEPT") != nullptr;
    reading->status = is_kept ? 0 : STA_UNSYNC;
    return is_kept ? TIME_OK : TIME_ERROR;
}

extern "C" int clock_settime(clockid_t clock, const timespec* time) noexcept {
    std::printf("%d %lld.%09ld\n", static_cast<int>(clock), static_cast<long long>(time->tv_sec),
                time->tv_nsec);
    return 0;
}

// SPDX-License-Identifier: Apache-2.0
// A stretch of time on some days of the week, by the clock on the wall.
#pragma once

#include <bitset>
#include <chrono>

namespace busbar {

struct WeeklySpan {
    std::bitset<7> days;           ///< on which it begins; 0: Monday
    std::chrono::minutes from{0};  ///< after midnight: 0 to 1439
    std::chrono::minutes to{0};    ///< 0 to 1440; not later than `from`: on the day after
    friend bool operator==(const WeeklySpan&, const WeeklySpan&) = default;
};

}  // namespace busbar

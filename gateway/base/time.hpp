// SPDX-License-Identifier: Apache-2.0
// The two times of the house. Deadlines and ages use SteadyTime; what leaves the box uses UtcTime.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace busbar {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// The monotonic clock as a type; the simulation and the tests make up their own points on it.
struct SteadyEpoch {
    using duration = std::chrono::microseconds;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<SteadyEpoch>;
    static constexpr bool is_steady = true;
};
using SteadyTime = SteadyEpoch::time_point;
using UtcTime = std::chrono::sys_time<milliseconds>;

/// The present, as one turn of the loop sees it. `utc` is empty while no source of time is believed:
/// then events keep their steady stamp and are converted later; 1970 is never sent.
struct Now {
    SteadyTime steady;
    std::optional<UtcTime> utc;
};

/// Reads the monotonic clock. Any thread. Adapters and the gateway's loop only: cores are told the time.
SteadyTime steady_now();

}  // namespace busbar

// SPDX-License-Identifier: Apache-2.0
// One whole life of a site from one seed: what happens to it, a peaceful end, and what was wrong.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tests/sim/site.hpp"

namespace busbar::simulation {

struct Outcome {
    std::optional<std::string> broken;  ///< the invariant, who broke it, and how
    std::uint64_t hash = 0;             ///< of the transcript
    Counts counts;
    std::size_t disk_bytes = 0;           ///< in the end
    std::vector<std::string> transcript;  ///< where it was to be kept
};

Outcome live(std::uint64_t seed, bool keep_transcript = false);

/// The same for a site of so many chargers over days; `on_day` hears of each that is over.
Outcome live_long(std::uint64_t seed, int chargers, std::chrono::days lasts, bool keep_transcript,
                  const std::function<void(int)>& on_day);

}  // namespace busbar::simulation

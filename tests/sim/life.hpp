// SPDX-License-Identifier: Apache-2.0
// One whole life of a site from one seed: what happens to it, a peaceful end, and what was wrong.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tests/sim/site.hpp"

namespace busbar::simulation {

struct Outcome {
    std::optional<std::string> broken;  ///< the invariant, who broke it, and how
    std::uint64_t hash = 0;             ///< of the transcript
    Counts counts;
    std::vector<std::string> transcript;  ///< where it was to be kept
};

Outcome live(std::uint64_t seed, bool keep_transcript = false);

}  // namespace busbar::simulation

// SPDX-License-Identifier: Apache-2.0
// What stands on which bus: the part of check_together() that looks at a bus as a whole.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "config/profile.hpp"

namespace busbar::config {

using Problems = std::vector<Problem>;
using Library = std::map<std::string, Profile>;

/// Bus kinds that fit, one protocol a bus, unit ids that come from profiles and are taken.
void check_buses_together(const Config& config, const Library& profiles, Problems& problems);

}  // namespace busbar::config

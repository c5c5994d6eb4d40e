// SPDX-License-Identifier: Apache-2.0
// Debian's order of versions (Debian Policy 5.6.12), as dpkg --compare-versions has it. Pure.
#pragma once

#include <string_view>

namespace busbar::update {

/// Begins with a digit, has only [0-9A-Za-z.+~:-], an epoch of digits where it has a colon, and is at most 64
/// characters long.
bool is_version(std::string_view text);

/// Below, at or above 0: `a` is older than, the same as, newer than `b`. REQUIRES: is_version() of both.
int compare_versions(std::string_view a, std::string_view b);

}  // namespace busbar::update

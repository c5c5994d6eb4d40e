// SPDX-License-Identifier: Apache-2.0
// Unit ids as a person gives them on the command line. Pure.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "gateway/base/result.hpp"

namespace busbar::ctl {

/// "1-8,20": which unit ids a scan asks; "": all. Error (invalid): it is something else.
Result<std::set<int>> parse_unit_ids(std::string_view text);

/// "socket2=2,station=200": the further unit ids that a profile names. Error (invalid): as above.
Result<std::map<std::string, int>> parse_named_units(std::string_view text);

}  // namespace busbar::ctl

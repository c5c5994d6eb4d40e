// SPDX-License-Identifier: Apache-2.0
// What local time is, from the system's time zone database; the library date stands behind it.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "gateway/base/time.hpp"

namespace busbar::gateway {

/// What is wrong with the name of a time zone; empty: the database has it.
std::optional<std::string> time_zone_problem(const std::string& name);

/// What the zone's local time is ahead of UTC. "": the machine's zone as it is set now; it, and a name that
/// the database does not have, is UTC where nothing is known. Loop thread only.
std::function<seconds(UtcTime)> local_offset(const std::string& zone);

}  // namespace busbar::gateway

// SPDX-License-Identifier: Apache-2.0
// What a scan found, as it is written into the configuration.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace busbar::ctl {

/// The entries of "buses" and "chargers" for the devices of a scan's report whose model is known, one a line;
/// "" when none is.
std::string configuration_of(const nlohmann::json& scan);

}  // namespace busbar::ctl

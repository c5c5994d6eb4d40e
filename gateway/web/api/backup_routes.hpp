// SPDX-License-Identifier: Apache-2.0
// All that somebody set up, as one readable file, and back again.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "gateway/web/api/configuration_routes.hpp"
#include "gateway/web/router.hpp"

namespace busbar::gateway {

/// `desk` outlives the routes. Restored profiles go into `profile_dir`, which the configuration then names.
std::vector<Route> backup_routes(ConfigurationDesk& desk, std::string profile_dir, std::function<Now()> now);

}  // namespace busbar::gateway

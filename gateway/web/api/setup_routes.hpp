// SPDX-License-Identifier: Apache-2.0
// The first setup, which may be left and taken up again: a draft that the pages keep here, and whether it is
// done.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "gateway/web/api/configuration_routes.hpp"
#include "gateway/web/router.hpp"

namespace busbar::gateway {

/// `desk` outlives the routes; `file` keeps draft and flag over restarts.
std::vector<Route> setup_routes(ConfigurationDesk& desk, const std::string& file, std::function<Now()> now);

}  // namespace busbar::gateway

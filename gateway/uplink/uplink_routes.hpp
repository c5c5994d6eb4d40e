// SPDX-License-Identifier: Apache-2.0
// The uplinks as routes of the API.
#pragma once

#include <functional>
#include <vector>

#include "gateway/base/time.hpp"
#include "gateway/uplink/uplinks.hpp"
#include "gateway/web/router.hpp"

namespace busbar::gateway {

/// `uplinks` outlives the routes.
std::vector<Route> uplink_routes(Uplinks& uplinks, const std::function<Now()>& now);

}  // namespace busbar::gateway

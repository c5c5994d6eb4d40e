// SPDX-License-Identifier: Apache-2.0
// The serial devices that a bus can be on.
#pragma once

#include <functional>
#include <vector>

#include "gateway/settings.hpp"
#include "gateway/web/router.hpp"

namespace busbar::gateway {

/// What `settings` gives outlives the call.
std::vector<Route> port_routes(std::function<const GatewaySettings&()> settings);

}  // namespace busbar::gateway

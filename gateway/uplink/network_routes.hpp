// SPDX-License-Identifier: Apache-2.0
// The routes by which a person sets up WiFi and addresses, and opens the access point for set-up.
#pragma once

#include <vector>

#include "gateway/uplink/uplinks.hpp"
#include "gateway/web/router.hpp"

namespace busbar::gateway {

/// Of interfaces that the configuration names; 409 where NetworkManager is not to be used. `uplinks` outlives
/// the routes.
std::vector<Route> network_routes(Uplinks& uplinks);

}  // namespace busbar::gateway

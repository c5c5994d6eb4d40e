// SPDX-License-Identifier: Apache-2.0
// The models that a charger can be, for whoever has to choose one.
#pragma once

#include <functional>
#include <vector>

#include "gateway/settings.hpp"
#include "gateway/web/router.hpp"

namespace busbar::gateway {

/// What `settings` gives outlives the call.
std::vector<Route> profile_routes(std::function<const GatewaySettings&()> settings);

}  // namespace busbar::gateway

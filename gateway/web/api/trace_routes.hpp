// SPDX-License-Identifier: Apache-2.0
// Messages and exchanges of the last minutes, for the pages and for a file.
#pragma once

#include <functional>
#include <vector>

#include "gateway/site.hpp"
#include "gateway/trace_ring.hpp"
#include "gateway/web/router.hpp"

namespace busbar::gateway {

/// All of it outlives the routes.
std::vector<Route> trace_routes(const TraceRing& ring, const Site& site,
                                std::function<const GatewaySettings&()> settings,
                                const std::function<Now()>& now);

}  // namespace busbar::gateway

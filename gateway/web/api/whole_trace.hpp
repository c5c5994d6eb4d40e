// SPDX-License-Identifier: Apache-2.0
// The trace as it is kept, frames and exchanges in one: for scripts and support.
#pragma once

#include <functional>

#include "gateway/settings.hpp"
#include "gateway/status_report.hpp"
#include "gateway/trace_ring.hpp"
#include "gateway/web/router.hpp"

namespace busbar::gateway {

/// Card numbers are for who sits at the box: whole over the control socket, masked over the network.
Tags tags_for(const HttpRequest& request);

/// GET /api/v1/trace. All of it outlives the route.
Route trace_route(const TraceRing& ring, std::function<const GatewaySettings&()> settings,
                  std::function<Now()> now);

}  // namespace busbar::gateway

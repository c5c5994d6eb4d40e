// SPDX-License-Identifier: Apache-2.0
// The certificates of the charge points: whom each trusts and what it shows, and what somebody at the gateway
// may change about them. Private keys go in and never out.
#pragma once

#include <vector>

#include "gateway/site.hpp"
#include "gateway/web/router.hpp"

namespace busbar::gateway {

/// `site` outlives the routes.
std::vector<Route> charge_point_certificate_routes(Site& site);

}  // namespace busbar::gateway

// SPDX-License-Identifier: Apache-2.0
// The connection test as a job.
#pragma once

#include <vector>

#include "gateway/site.hpp"
#include "gateway/web/api/connection_test.hpp"
#include "gateway/web/api/jobs.hpp"

namespace busbar::gateway {

/// All of it outlives the routes.
std::vector<Route> diagnosis_routes(ConnectionSurroundings& around, Site& site, Jobs& jobs);

}  // namespace busbar::gateway

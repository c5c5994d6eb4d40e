// SPDX-License-Identifier: Apache-2.0
// GET /metrics.
#pragma once

#include <functional>
#include <vector>

#include "gateway/web/metrics/gateway_metrics.hpp"
#include "gateway/web/router.hpp"

namespace busbar::gateway {

/// 404 metrics_off unless the configuration's web.metrics is true (`on`). Whoever may read it has the role
/// `metrics` or more.
std::vector<Route> metrics_routes(std::function<bool()> on, std::function<MetricsFacts()> facts);

}  // namespace busbar::gateway

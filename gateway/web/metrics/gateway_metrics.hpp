// SPDX-License-Identifier: Apache-2.0
// The metrics of GET /metrics: what the status says, as figures to alert on. Described in METRICS.md. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "gateway/status_report.hpp"
#include "gateway/web/metrics/exposition.hpp"
#include "gateway/web/metrics/process_facts.hpp"

namespace busbar::gateway {

struct WebFigures {
    std::size_t sessions = 0;           ///< logged in with a browser
    std::size_t throttled_clients = 0;  ///< addresses whose failed logins slow them down
};

struct MetricsFacts {
    GatewayReport report;
    ProcessFacts process{};
    WebFigures web{};
};

/// No idTag, no secret, and no label that grows with time.
std::string metrics_text(const MetricsFacts& facts, MetricsFormat format);

}  // namespace busbar::gateway

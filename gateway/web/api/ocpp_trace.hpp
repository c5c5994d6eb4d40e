// SPDX-License-Identifier: Apache-2.0
// Traced frames as messages: each request with its answer, how long that took, and what it did on a bus.
// Pure.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "gateway/trace_ring.hpp"

namespace busbar::gateway {

struct OcppTraceQuery {
    std::string charge_point;  ///< empty: of all
    std::int64_t after = 0;    ///< messages of which a frame has a greater number
    std::size_t most = 200;
};

/// {"messages", "last"}: ask on with `last`. A request without an answer comes again once it has one.
nlohmann::ordered_json ocpp_trace(const TraceRing& ring, const OcppTraceQuery& query, const Now& now);

}  // namespace busbar::gateway

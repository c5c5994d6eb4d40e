// SPDX-License-Identifier: Apache-2.0
// What a central system may come up with.
#pragma once

#include <string>
#include <utility>

#include "ocpp/json_bridge.hpp"
#include "tests/sim/plan.hpp"
#include "tests/sim/world.hpp"

namespace busbar::simulation {

/// What a request is drawn for; `next_transaction` is above every transaction id given out so far.
struct RequestContext {
    World& world;
    const ChargerPlan& plan;
    int next_transaction;
    int number;  ///< of the request: makes tags unique
};

/// Action and payload.
std::pair<std::string, ocpp::Json> draw_request(const RequestContext& context);

}  // namespace busbar::simulation

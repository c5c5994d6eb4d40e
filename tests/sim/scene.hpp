// SPDX-License-Identifier: Apache-2.0
// What each rule about a charge point needs to judge: the time, the plan, and where to complain.
#pragma once

#include <string>

#include "tests/sim/plan.hpp"
#include "tests/sim/world.hpp"

namespace busbar::simulation {

struct Scene {
    World& world;
    const ChargerPlan& plan;
    const Troubles& troubles;

    [[nodiscard]] Moment now() const { return world.clock.now(); }
    void broken(std::string_view invariant, const std::string& detail) const {
        world.verdict.broken(invariant, plan.id, detail);
    }
};

}  // namespace busbar::simulation

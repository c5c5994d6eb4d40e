// SPDX-License-Identifier: Apache-2.0
// What failover sees of the sessions and does to them.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "gateway/link.hpp"
#include "gateway/move.hpp"

namespace busbar::gateway {

struct SessionView {
    std::string charge_point;
    LinkStatus link;
};

/// Loop thread only.
struct SessionPort {
    std::function<std::vector<SessionView>()> look;
    /// Moves the sessions that `which` is true of.
    std::function<void(Move how, const std::function<bool(const LinkStatus&)>& which)> move;
};

}  // namespace busbar::gateway

// SPDX-License-Identifier: Apache-2.0
// How several connectors share one current: equal parts, and whoever would get too little to charge waits.
#pragma once

#include <vector>

#include "gateway/base/units.hpp"

namespace busbar {

/// What one connector would take, and the least with which its charger charges at all.
struct Demand {
    Amperes wanted;   ///< 0 or less: it takes nothing
    Amperes minimum;  ///< 0: any current will do
};

/// The share of each demand, in their order, which is the order in which they are served: earliest first.
/// Nobody gets more than wanted; what one leaves goes to the others in equal parts. While a part would be
/// below its demand's minimum the last demand waits with 0 A. The sum is never above `feed`.
std::vector<Amperes> shares(Amperes feed, const std::vector<Demand>& demands);

}  // namespace busbar

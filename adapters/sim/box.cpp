// SPDX-License-Identifier: Apache-2.0
// What all boxes have in common.
#include "adapters/sim/box.hpp"

#include <algorithm>

namespace busbar::sim {

namespace {

constexpr SteadyTime::duration longest_step = 100ms;

}  // namespace

void Box::advance(SteadyTime now) {
    while (now_ < now) {
        const SteadyTime::duration length = std::min(longest_step, now - now_);
        now_ += length;
        step(length);
    }
}

Result<void> Box::lock(bool /*locked*/) {
    return Error{Errc::unsupported, "this model has no external lock input"};
}

Result<void> Box::card(const Bytes& /*uid*/) {
    return Error{Errc::unsupported, "this model has no card reader"};
}

}  // namespace busbar::sim

// SPDX-License-Identifier: Apache-2.0
// How long to wait before the next try: doubling, with jitter, without end.
#pragma once

#include <functional>

#include "gateway/base/time.hpp"

namespace busbar::gateway {

/// The n-th wait lies between half of and the whole of min(max, first * 2^n).
class Backoff {
  public:
    Backoff(milliseconds first, milliseconds max) : first_(first), max_(max) {}

    /// `random` in [0, 1) places the wait within its range.
    milliseconds next(double random);
    void reset() { step_ = 0; }

  private:
    milliseconds first_;
    milliseconds max_;
    int step_ = 0;
};

/// After a server took us for a duplicate of a session it still believes alive: 5, 10, 20, 30, 30, ... s,
/// each within 20 %. `attempt` counts from 0.
milliseconds duplicate_wait(int attempt, double random);

/// A source of such random values, different in each process.
std::function<double()> random_fraction();

}  // namespace busbar::gateway

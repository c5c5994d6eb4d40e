// SPDX-License-Identifier: Apache-2.0
// The way from one charge point to its charger, as its host sees it. Implemented over Bus and by the
// simulation.
#pragma once

#include <functional>

#include "gateway/base/reading.hpp"
#include "gateway/base/result.hpp"
#include "gateway/base/trace.hpp"

namespace busbar::gateway {

class BusPort {
  public:
    virtual ~BusPort() = default;

    /// Goes before every poll; `done` is called later, on the loop's thread, never from within this call.
    virtual void execute(const Command& command, const Cause& cause,
                         std::function<void(Result<void>)> done) = 0;
};

}  // namespace busbar::gateway

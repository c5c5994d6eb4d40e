// SPDX-License-Identifier: Apache-2.0
// What of a flood of broken frames is worth a line in the log.
#pragma once

#include <cstdint>
#include <map>

#include "gateway/base/time.hpp"
#include "ocpp/types.hpp"

namespace busbar::ocpp {

/// Frames broken in the same way make a row until none comes for ten minutes.
class BadFrames {
  public:
    /// How many the row has with this one, for the 1st, 10th, 100th ... of it; 0: it has no line of its own.
    std::uint64_t count(CallErrorCode cause, SteadyTime now);

  private:
    struct Row {
        std::uint64_t length = 0;
        std::uint64_t next_told = 1;
        SteadyTime last{};
    };
    std::map<CallErrorCode, Row> rows_;
};

}  // namespace busbar::ocpp

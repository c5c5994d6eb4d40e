// SPDX-License-Identifier: Apache-2.0
// How the connection to the broker is, for the status.
#pragma once

#include <cstdint>
#include <string>

#include "gateway/base/time.hpp"

namespace busbar::gateway {

struct MqttReport {
    bool connected = false;
    std::string detail;  ///< why not; "" while connected
    SteadyTime since;    ///< it is so
    std::string host;
    int port = 0;
    bool allow_control = false;
    std::uint64_t commands_refused =
        0;  ///< since the start: not allowed, not sound, for nobody here, or too many
};

}  // namespace busbar::gateway

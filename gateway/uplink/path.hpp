// SPDX-License-Identifier: Apache-2.0
// The way a socket to the outside takes: which device it is bound to, who looks up names for it, and how soon
// silence on it is believed.
#pragma once

#include <memory>
#include <string>

#include "gateway/base/time.hpp"
#include "gateway/host_lookup.hpp"

namespace busbar::gateway {

/// Without a device: the system's routing and resolver.
struct Path {
    std::string uplink;  ///< id; "" without uplinks
    std::string device;  ///< "wwan0"; "" for the system's routing
    bool metered = false;
    std::shared_ptr<HostLookup> lookup;  ///< never null
    seconds ping_interval{50};           ///< the kind's own: 20 s, on gsm 45 s
    seconds pong_limit{10};
    milliseconds user_timeout{20'000};  ///< TCP_USER_TIMEOUT
    std::uint64_t generation = 0;  ///< another number: another address or interface; old sockets are dead
};

}  // namespace busbar::gateway

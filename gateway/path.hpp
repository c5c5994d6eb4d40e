// SPDX-License-Identifier: Apache-2.0
// The way that a socket to the outside takes: the device it is bound to, who looks up names for it, and how
// soon silence on it is believed.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <memory>
#include <string>

#include "gateway/base/time.hpp"
#include "gateway/host_lookup.hpp"

namespace busbar::gateway {

struct Path {
    std::string uplink;                  ///< id; "": no uplinks are configured
    std::string device;                  ///< "wwan0"; "": the system's routing
    std::shared_ptr<HostLookup> lookup;  ///< never null
    seconds ping_interval{50};           ///< of this kind of uplink; the OCPP key may shorten it
    seconds pong_limit{10};
    milliseconds user_timeout{20'000};  ///< how long unacknowledged data may wait (TCP_USER_TIMEOUT)
    seconds keep_alive{30};             ///< of silence before the kernel asks whether the peer lives
};

/// Binds an open, unconnected socket to the path's device and sets its options. Needs no privilege on a fresh
/// socket (Linux 5.7). Error: there is no such device.
boost::system::error_code prepare(boost::asio::ip::tcp::socket& socket, const Path& path);

}  // namespace busbar::gateway

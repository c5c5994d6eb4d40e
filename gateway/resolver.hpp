// SPDX-License-Identifier: Apache-2.0
// Who asks name servers. Implemented by the system's resolver, and by one that is bound to a device.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <functional>
#include <string>
#include <vector>

#include "gateway/base/result.hpp"

namespace busbar::gateway {

using Endpoints = std::vector<boost::asio::ip::tcp::endpoint>;  ///< at least one

/// Loop thread only.
class Resolver {
  public:
    using Handler = std::function<void(Result<Endpoints>)>;

    virtual ~Resolver() = default;  ///< never waits for a name server; no handler is called after it

    /// `handler` is called once, later, however long the name servers take.
    virtual void ask(const std::string& host, int port, Handler handler) = 0;
};

}  // namespace busbar::gateway

// SPDX-License-Identifier: Apache-2.0
// Serves HTTP on a TCP port, with TLS or without.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <memory>
#include <string>

#include "gateway/base/result.hpp"
#include "gateway/tls.hpp"
#include "gateway/web/connection_pool.hpp"

namespace busbar::gateway {

class NetworkServer {
  public:
    struct Place {
        std::string address;  ///< IP literal; 0.0.0.0 is every interface, :: with IPv4 too
        int port = 0;         ///< 0: any that is free
    };

    /// `ssl` makes the state of a new connection; empty: no TLS. Error (io): the port cannot be had.
    static Result<std::unique_ptr<NetworkServer>> listen(const boost::asio::any_io_executor& loop,
                                                         const Place& place,
                                                         std::shared_ptr<const HttpService> service,
                                                         std::function<SslPtr()> ssl,
                                                         ConnectionPool::Limits limits = {});
    /// On a TCP socket that listens already; the server owns it from now on.
    static Result<std::unique_ptr<NetworkServer>> serve(const boost::asio::any_io_executor& loop,
                                                        int descriptor,
                                                        std::shared_ptr<const HttpService> service,
                                                        std::function<SslPtr()> ssl,
                                                        ConnectionPool::Limits limits = {});
    virtual ~NetworkServer() = default;  ///< closes everything

    [[nodiscard]] virtual int port() const = 0;
};

}  // namespace busbar::gateway

// SPDX-License-Identifier: Apache-2.0
// The local API on a unix socket.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>
#include <string>

#include "gateway/base/log.hpp"
#include "gateway/base/result.hpp"
#include "gateway/web/http.hpp"
#include "gateway/web/router.hpp"

namespace busbar::gateway {

/// Serves HTTP/1.1 on a unix socket (mode 0660). Whoever may open it
/// is an operator. Bounded: connections, header and body sizes, time a request.
class ControlServer {
  public:
    /// Error: the socket cannot be made. A stale socket file is replaced.
    static Result<std::unique_ptr<ControlServer>> listen(const boost::asio::any_io_executor& loop,
                                                         const std::string& socket_path, HttpHandler handler,
                                                         Log log);
    /// The same for a table of routes, with its uploads.
    static Result<std::unique_ptr<ControlServer>> listen(const boost::asio::any_io_executor& loop,
                                                         const std::string& socket_path,
                                                         const std::shared_ptr<const Router>& routes,
                                                         Log log);
    virtual ~ControlServer() = default;  ///< closes everything and removes the socket file
};

}  // namespace busbar::gateway

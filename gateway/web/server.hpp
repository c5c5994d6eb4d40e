// SPDX-License-Identifier: Apache-2.0
// The HTTP server of the local API. One of the two files that include Beast stands behind this header.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gateway/base/log.hpp"
#include "gateway/base/result.hpp"

namespace busbar::gateway {

struct HttpRequest {
    std::string method;  ///< upper case
    std::string path;    ///< decoded, without query: /api/v1/status
    std::string query;   ///< raw, without '?'
    std::string body;
    std::vector<std::string> captured{};  ///< what stands for the {names} of the route's path, in order
};

struct HttpResponse {
    int status = 200;
    std::string content_type = "application/json";
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;  ///< further fields: {"Allow", "GET"}
    /// The answer takes its time: all else here is void, and this is called with what takes the answer, on
    /// the loop's thread. A client waits 2 min for it.
    std::function<void(std::function<void(HttpResponse)>)> later{};
};

/// Answers one request, on the loop's thread, at once or later.
using HttpHandler = std::function<HttpResponse(const HttpRequest&)>;

/// Serves HTTP/1.1 on a unix socket (mode 0660). Bounded: connections, header and body sizes, time a request.
class ControlServer {
  public:
    /// Error: the socket cannot be made. A stale socket file is replaced.
    static Result<std::unique_ptr<ControlServer>> listen(const boost::asio::any_io_executor& loop,
                                                         const std::string& socket_path, HttpHandler handler,
                                                         Log log);
    virtual ~ControlServer() = default;  ///< closes everything and removes the socket file
};

}  // namespace busbar::gateway

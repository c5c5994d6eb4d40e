// SPDX-License-Identifier: Apache-2.0
// A request and its answer, apart from whatever carries them.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/web/access.hpp"

namespace busbar::gateway {

using HttpFields = std::vector<std::pair<std::string, std::string>>;

/// Takes a body while it comes, where it would be too large for memory. Loop thread only; it goes when the
/// request does, whether that was answered or not.
class BodySink {
  public:
    virtual ~BodySink() = default;
    virtual void take(std::string_view bytes) = 0;
};

struct HttpRequest {
    std::string method;  ///< upper case
    std::string path;    ///< decoded, without query: /api/v1/status
    std::string query;   ///< raw, without '?'
    std::string body;
    std::vector<std::string> captured{};  ///< what stands for the {names} of the route's path, in order
    HttpFields fields{};                  ///< of the header, as they came
    std::string remote{};                 ///< the client's address; empty on the control socket
    std::optional<Login> login{};         ///< empty: nobody is logged in
    std::shared_ptr<BodySink> sink{};     ///< has taken the body, in place of `body`

    /// The value of the first field of that name, whatever its case; empty when there is none.
    [[nodiscard]] std::string_view field(std::string_view name) const;
    [[nodiscard]] std::size_t count(std::string_view name) const;
};

/// What follows the head of a streamed answer for as long as both sides want. Loop thread only.
class ResponseStream {
  public:
    static constexpr std::size_t most_queued = 128 * 1024;

    virtual ~ResponseStream() = default;
    /// False: nothing was taken, because the client is gone, or because bytes wait for it and with these they
    /// would be more than `most_queued`.
    virtual bool send(std::string_view bytes) = 0;
    /// Bytes that the client has not taken yet.
    [[nodiscard]] virtual std::size_t queued() const = 0;
    /// The client is there.
    [[nodiscard]] virtual bool open() const = 0;
    /// Ends the answer, and with it the connection, once the client has taken what waits.
    virtual void end() = 0;
};

struct HttpResponse {
    int status = 200;
    std::string content_type = "application/json";
    std::string body;
    HttpFields headers;  ///< further fields: {"Allow", "GET"}
    /// The answer takes its time: all else here is void, and this is called with what takes the answer, on
    /// the loop's thread. A client waits 2 min for it.
    std::function<void(std::function<void(HttpResponse)>)> later{};
    /// In place of `body`: bytes that many answers share.
    std::shared_ptr<const std::string> shared_body{};
    /// In place of `body`: called once the head is on its way. The connection serves nothing else any more.
    std::function<void(std::shared_ptr<ResponseStream>)> stream{};
};

/// Answers one request, on the loop's thread, at once or later.
using HttpHandler = std::function<HttpResponse(const HttpRequest&)>;

}  // namespace busbar::gateway

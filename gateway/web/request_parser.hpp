// SPDX-License-Identifier: Apache-2.0
// Bytes in, requests out: HTTP/1.1 without a socket. One of the two files that include Beast stands behind
// this header.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "gateway/web/http.hpp"

namespace busbar::gateway {

/// Reads one request after the other. Holds at most a header, a body that was not taken,
/// and what it was fed last.
class RequestParser {
  public:
    enum class State {
        head,     ///< wants bytes of the header
        body,     ///< the header is there: request() tells it
        complete  ///< the request is there: next() begins the one behind it
    };

    /// `most_header` bytes of header.
    explicit RequestParser(std::uint32_t most_header);
    ~RequestParser();
    RequestParser(const RequestParser&) = delete;
    RequestParser& operator=(const RequestParser&) = delete;

    /// Goes on with `bytes` and what is left, up to the next State. Empty: all is well. Else the answer to
    /// what is no request or too large a one; nothing that follows can be read.
    std::optional<HttpResponse> feed(std::string_view bytes);

    [[nodiscard]] State state() const;
    /// Something of the request is there.
    [[nodiscard]] bool begun() const;
    /// The client wants to be told to go on before it sends the body (Expect: 100-continue).
    [[nodiscard]] bool expects_continue() const;
    [[nodiscard]] bool keep_alive() const;

    /// From State::body on, without the body until State::complete. `target` as it came.
    [[nodiscard]] HttpRequest& request();
    [[nodiscard]] std::string_view target() const;

    /// REQUIRES: State::body, before feed() goes on. The body may have so many bytes; what came of it is in
    /// request().body, and may be taken from there at any time. Not empty: it is announced larger than that.
    [[nodiscard]] std::optional<HttpResponse> limit_body(std::uint64_t most);

    /// REQUIRES: State::complete. Call feed({}) then: the next request may be there already.
    void next();

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace busbar::gateway

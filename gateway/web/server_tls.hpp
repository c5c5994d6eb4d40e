// SPDX-License-Identifier: Apache-2.0
// How the gateway speaks TLS to those who open its pages.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "gateway/base/result.hpp"
#include "gateway/tls.hpp"

namespace busbar::gateway {

/// One certificate with its key. TLS 1.2 or newer, ECDHE with AES-GCM or ChaCha20. Loop thread only.
class ServerTls {
  public:
    /// PEM: the certificate, then those between it and its root; and its key. Error (invalid): they cannot be
    /// read, or do not belong together.
    static Result<ServerTls> make(std::string_view certificate, std::string_view key);

    /// The state of a new connection.
    [[nodiscard]] SslPtr connection() const;

  private:
    using ContextPtr = std::unique_ptr<ssl_ctx_st, SslFree>;
    explicit ServerTls(ContextPtr context) : context_(std::move(context)) {}

    ContextPtr context_;
};

}  // namespace busbar::gateway

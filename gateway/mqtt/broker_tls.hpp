// SPDX-License-Identifier: Apache-2.0
// TLS to a broker whose name was looked up before: the library that connects knows only its address, the
// certificate is judged by its name.
#pragma once

#include <memory>
#include <string>

#include "gateway/tls.hpp"

namespace busbar::gateway {

/// One connection's context; outlives it.
class BrokerTls {
  public:
    /// Accepts only a certificate for `host` (name or IP literal) that is valid at `verify_at`. Error: as
    /// client_context().
    static Result<std::unique_ptr<BrokerTls>> make(const std::string& host, const std::string& ca_file,
                                                   UtcTime verify_at);

    [[nodiscard]] ssl_ctx_st* context() const { return context_.get(); }
    /// Why the certificate was refused; "": it was not.
    [[nodiscard]] const std::string& refusal() const { return refusal_; }

  private:
    friend struct BrokerTlsCallbacks;
    BrokerTls(std::string name, SslContextPtr context)
        : name_(std::move(name)), context_(std::move(context)) {}

    std::string name_;  ///< for SNI; "": an address has none
    std::string refusal_;
    SslContextPtr context_;
};

}  // namespace busbar::gateway

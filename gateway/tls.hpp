// SPDX-License-Identifier: Apache-2.0
// How the gateway speaks TLS to the central system: versions, ciphers, trust, and whom it expects to meet.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "gateway/base/result.hpp"
#include "gateway/base/time.hpp"
#include "gateway/certificates/link_identity.hpp"
#include "gateway/certificates/revocation.hpp"

struct ssl_st;      // OpenSSL's SSL
struct ssl_ctx_st;  // OpenSSL's SSL_CTX

namespace busbar::gateway {

struct SslFree {
    void operator()(ssl_st* ssl) const;
    void operator()(ssl_ctx_st* context) const;
};
using SslPtr = std::unique_ptr<ssl_st, SslFree>;
using SslContextPtr = std::unique_ptr<ssl_ctx_st, SslFree>;

/// TLS 1.2 or newer, ECDHE with AES-GCM, peer verified: what holds for every connection of ours. False:
/// OpenSSL cannot do it.
bool apply_tls_policy(ssl_ctx_st* context);

/// For clients: TLS 1.2 or newer, ECDHE with AES-GCM, peer verified against the roots of `ca_file` (PEM).
/// Error: it cannot be read or holds no certificate; `setting` names it for the person.
Result<SslContextPtr> client_context(const std::string& ca_file, std::string_view setting);

/// One OpenSSL context for every charge point: TLS 1.2 or newer, ECDHE with AES-GCM, peer always verified.
/// Must outlive its connections. Loop thread only.
class TlsClient {
  public:
    /// `ca_file`: PEM bundle of the authorities that are trusted, each an anchor whoever signed it.
    /// `crl_file`: see RevocationFile. Error: one of them cannot be read or holds nothing. REQUIRES: the
    /// process ignores SIGPIPE, because OpenSSL writes to sockets without MSG_NOSIGNAL. `verify_at` tells the
    /// time at which certificates are judged; it outlives the connections.
    static Result<TlsClient> make(const std::string& ca_file, std::function<UtcTime()> verify_at,
                                  const std::string& crl_file = {});

    /// A client connection that accepts only a certificate for `host` (name or IP literal) that is valid now,
    /// or was or will be if dates do not matter. `who` shows its certificate where the server asks for one,
    /// and has its own roots beside those of ca_file. The caller attaches the transport.
    [[nodiscard]] SslPtr connection_to(const std::string& host, bool dates_matter = true,
                                       const LinkIdentity& who = {}) const;

    /// The lists of crl_file as they are now; null: none is named.
    [[nodiscard]] Revoked revoked() const { return revocations_->current(); }
    /// For a person.
    [[nodiscard]] std::vector<std::string> warnings() const { return revocations_->warnings(verify_at_()); }

  private:
    TlsClient(SslContextPtr context, std::function<UtcTime()> verify_at, RevocationFile revocations)
        : context_(std::move(context)),
          verify_at_(std::move(verify_at)),
          revocations_(std::make_unique<RevocationFile>(std::move(revocations))) {}

    SslContextPtr context_;
    std::function<UtcTime()> verify_at_;
    std::unique_ptr<RevocationFile> revocations_;
};

}  // namespace busbar::gateway

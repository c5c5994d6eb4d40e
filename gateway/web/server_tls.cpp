// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/server_tls.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "gateway/web/pem.hpp"

namespace busbar::gateway {
namespace {

constexpr const char* tls12_ciphers =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-CHACHA20-POLY1305:"
    "ECDHE-RSA-CHACHA20-POLY1305:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384";
constexpr const char* tls13_suites =
    "TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_256_GCM_SHA384";
constexpr const char* key_exchange_groups = "X25519:P-256:P-384";

bool apply_policy(SSL_CTX* context) {
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_PRIORITIZE_CHACHA |
                                     SSL_OP_CIPHER_SERVER_PREFERENCE);
    // The buffers of an idle connection (34 kB) are freed; partial writes are what TlsStream expects.
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                  SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    // What a client needs to resume lies with the client, in a ticket.
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
           SSL_CTX_set_cipher_list(context, tls12_ciphers) == 1 &&
           SSL_CTX_set_ciphersuites(context, tls13_suites) == 1 &&
           SSL_CTX_set1_groups_list(context, key_exchange_groups) == 1;
}

bool use_chain(SSL_CTX* context, const std::vector<CertificatePtr>& chain) {
    if (SSL_CTX_use_certificate(context, chain.front().get()) != 1) return false;
    for (std::size_t i = 1; i < chain.size(); ++i) {
        if (SSL_CTX_add1_chain_cert(context, chain[i].get()) != 1) return false;
    }
    return true;
}

}  // namespace

Result<ServerTls> ServerTls::make(std::string_view certificate, std::string_view key) {
    const auto chain = read_certificates(certificate);
    if (!chain) return chain.error();
    const auto private_key = read_key(key);
    if (!private_key) return private_key.error();
    ERR_clear_error();
    ContextPtr context(SSL_CTX_new(TLS_server_method()));
    if (!context || !apply_policy(context.get())) {
        return Error{Errc::unsupported, "OpenSSL cannot do TLS 1.2 with ECDHE"};
    }
    if (!use_chain(context.get(), *chain) || SSL_CTX_use_PrivateKey(context.get(), private_key->get()) != 1 ||
        SSL_CTX_check_private_key(context.get()) != 1) {
        return Error{Errc::invalid,
                     "the key must be the one of the first certificate, RSA of 2048 bits or P-256 at "
                     "least"};
    }
    return ServerTls(std::move(context));
}

SslPtr ServerTls::connection() const {
    SslPtr ssl(SSL_new(context_.get()));
    SSL_set_accept_state(ssl.get());
    return ssl;
}

}  // namespace busbar::gateway

// SPDX-License-Identifier: Apache-2.0
#include "gateway/tls.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <boost/asio/ip/address.hpp>

namespace busbar::gateway {
namespace {

constexpr const char* tls12_ciphers =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384";
constexpr const char* tls13_suites = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384";
// A load balancer that finds no P-256 among the groups falls back to RSA key exchange: P-256 comes first.
constexpr const char* key_exchange_groups = "P-256:X25519:P-384";

/// OpenSSL counts references: certificate, key and chain live as long as the connection.
void show(SSL& ssl, const ClientCertificate& client) {
    SSL_use_certificate(&ssl, client.chain.front().get());
    SSL_use_PrivateKey(&ssl, client.key.get());
    for (std::size_t i = 1; i < client.chain.size(); ++i) SSL_add1_chain_cert(&ssl, client.chain[i].get());
}

/// A store for this connection: the context's roots, which it shares, and those of `roots`; without what is
/// revoked.
void judge_by(SSL& ssl, SSL_CTX& context, const Chain& roots, const Revoked& revoked) {
    X509_STORE* both = X509_STORE_new();
    const STACK_OF(X509_OBJECT)* known = X509_STORE_get0_objects(SSL_CTX_get_cert_store(&context));
    for (int i = 0; i < sk_X509_OBJECT_num(known); ++i) {
        X509* root = X509_OBJECT_get0_X509(sk_X509_OBJECT_value(known, i));
        if (root != nullptr) X509_STORE_add_cert(both, root);
    }
    for (const auto& root : roots) X509_STORE_add_cert(both, root.get());
    refuse_revoked(*both, revoked);
    SSL_set0_verify_cert_store(&ssl, both);
}

std::string openssl_words() {
    const unsigned long error = ERR_get_error();
    const char* reason = ERR_reason_error_string(error);
    return reason != nullptr ? reason : "unknown error";
}

}  // namespace

bool apply_tls_policy(ssl_ctx_st* context) {
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    // The buffers of an idle connection (34 kB) are freed; partial writes are what TlsStream expects.
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                  SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    // Each dial judges the certificate anew: a resumed session would not.
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
           SSL_CTX_set_cipher_list(context, tls12_ciphers) == 1 &&
           SSL_CTX_set_ciphersuites(context, tls13_suites) == 1 &&
           SSL_CTX_set1_groups_list(context, key_exchange_groups) == 1;
}

void SslFree::operator()(ssl_st* ssl) const {
    SSL_free(ssl);
}
void SslFree::operator()(ssl_ctx_st* context) const {
    SSL_CTX_free(context);
}

Result<SslContextPtr> client_context(const std::string& ca_file, std::string_view setting) {
    ERR_clear_error();
    SslContextPtr context(SSL_CTX_new(TLS_client_method()));
    if (!context || !apply_tls_policy(context.get())) {
        return Error{Errc::unsupported,
                     "OpenSSL cannot do TLS 1.2 with ECDHE and AES-GCM: " + openssl_words()};
    }
    if (SSL_CTX_load_verify_file(context.get(), ca_file.c_str()) != 1) {
        return Error{Errc::invalid,
                     std::string(setting) + ' ' + ca_file +
                         " must be a readable PEM file with at least one certificate: " + openssl_words()};
    }
    // Whoever names an authority trusts it, whoever signed that one.
    X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context.get()), X509_V_FLAG_PARTIAL_CHAIN);
    return context;
}

Result<TlsClient> TlsClient::make(const std::string& ca_file, std::function<UtcTime()> verify_at,
                                  const std::string& crl_file) {
    auto context = client_context(ca_file, "central_system.ca_file");
    if (!context) return context.error();
    auto revocations = RevocationFile::open(crl_file);
    if (!revocations) return revocations.error();
    return TlsClient(*std::move(context), std::move(verify_at), *std::move(revocations));
}

SslPtr TlsClient::connection_to(const std::string& host, bool dates_matter, const LinkIdentity& who) const {
    SslPtr ssl(SSL_new(context_.get()));
    if (who.client) show(*ssl, *who.client);
    static const Chain no_roots;
    const Chain& roots = who.roots ? *who.roots : no_roots;
    const auto lists = revoked();
    if (!roots.empty() || lists) judge_by(*ssl, *context_, roots, lists);
    X509_VERIFY_PARAM* verification = SSL_get0_param(ssl.get());
    if (dates_matter) {
        X509_VERIFY_PARAM_set_time(verification,
                                   std::chrono::floor<seconds>(verify_at_()).time_since_epoch().count());
    } else {
        X509_VERIFY_PARAM_set_flags(verification, X509_V_FLAG_NO_CHECK_TIME);
    }
    boost::system::error_code not_an_address;
    boost::asio::ip::make_address(host, not_an_address);
    if (not_an_address) {
        X509_VERIFY_PARAM_set_hostflags(verification, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
        X509_VERIFY_PARAM_set1_host(verification, host.data(), host.size());
        SSL_set_tlsext_host_name(ssl.get(), host.c_str());
    } else {
        X509_VERIFY_PARAM_set1_ip_asc(verification, host.c_str());
    }
    SSL_set_connect_state(ssl.get());
    return ssl;
}

}  // namespace busbar::gateway

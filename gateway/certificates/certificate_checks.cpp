// SPDX-License-Identifier: Apache-2.0
#include "gateway/certificates/certificate_checks.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <memory>

namespace busbar::gateway {
namespace {

constexpr int smallest_rsa_bits = 2048;  // security whitepaper, edition 3, A00.FR.502
constexpr int smallest_curve_bits = 224;
constexpr int auth_level = 2;  // OpenSSL's word for 112 bits: RSA of 2048, no SHA-1
constexpr std::size_t serial_digits = 40;

struct Release {
    void operator()(X509_STORE* store) const { X509_STORE_free(store); }
    void operator()(X509_STORE_CTX* context) const { X509_STORE_CTX_free(context); }
    void operator()(STACK_OF(X509) * stack) const { sk_X509_free(stack); }
};
template <class T>
using Held = std::unique_ptr<T, Release>;

Error refused(std::string why) {
    return {Errc::invalid, std::move(why)};
}

bool is_strong(X509* certificate) {
    EVP_PKEY* key = X509_get0_pubkey(certificate);
    if (key == nullptr) return false;
    const bool rsa = EVP_PKEY_base_id(key) == EVP_PKEY_RSA;
    return EVP_PKEY_bits(key) >= (rsa ? smallest_rsa_bits : smallest_curve_bits);
}

bool is_valid_at(const x509_st& certificate, UtcTime at) {
    const auto facts = describe(certificate);
    return facts.not_before <= at && at < facts.not_after;
}

std::string hex(const unsigned char* bytes, unsigned size) {
    std::string text;
    for (unsigned i = 0; i < size; ++i) text += fmt::format("{:02x}", bytes[i]);
    return text;
}

const EVP_MD* digest_of(ocpp::HashAlgorithm algorithm) {
    switch (algorithm) {
        case ocpp::HashAlgorithm::SHA256:
            return EVP_sha256();
        case ocpp::HashAlgorithm::SHA384:
            return EVP_sha384();
        case ocpp::HashAlgorithm::SHA512:
            return EVP_sha512();
    }
    return EVP_sha256();
}

std::string_view without_zeros(std::string_view digits) {
    return digits.substr(std::min(digits.find_first_not_of('0'), digits.size()));
}

/// Verifies the first of `chain` by the others and `roots`, at one moment; gives what OpenSSL complains of.
std::optional<std::string> verify(const Chain& chain, const Chain& roots, const Revoked& revoked, UtcTime at,
                                  UtcTime now) {
    const Held<X509_STORE> store(X509_STORE_new());
    for (const auto& root : roots) X509_STORE_add_cert(store.get(), root.get());
    refuse_revoked(*store, revoked);
    const Held<STACK_OF(X509)> between(sk_X509_new_null());
    for (std::size_t i = 1; i < chain.size(); ++i) sk_X509_push(between.get(), chain[i].get());
    const Held<X509_STORE_CTX> context(X509_STORE_CTX_new());
    X509_STORE_CTX_init(context.get(), store.get(), chain.front().get(), between.get());
    X509_VERIFY_PARAM* rules = X509_STORE_CTX_get0_param(context.get());
    X509_VERIFY_PARAM_set_time(rules, std::chrono::floor<seconds>(at).time_since_epoch().count());
    X509_VERIFY_PARAM_set_purpose(rules, X509_PURPOSE_SSL_CLIENT);
    X509_VERIFY_PARAM_set_auth_level(rules, auth_level);
    // An installed root is an anchor, whoever signed it.
    X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_PARTIAL_CHAIN);
    if (X509_verify_cert(context.get()) != 1)
        return X509_verify_cert_error_string(X509_STORE_CTX_get_error(context.get()));
    const STACK_OF(X509)* path = X509_STORE_CTX_get0_chain(context.get());
    for (int i = 1; i < sk_X509_num(path); ++i) {
        if (!is_valid_at(*sk_X509_value(path, i), now)) return "an authority of the chain is not valid now";
    }
    return std::nullopt;
}

}  // namespace

Result<CertificatePtr> read_root(std::string_view pem, UtcTime now, const Chain& known) {
    ERR_clear_error();
    auto all = read_certificates(pem);
    if (!all) return all.error();
    if (all->size() != 1) return refused("one certificate is installed at a time");
    X509* root = all->front().get();
    if (X509_check_ca(root) == 0) return refused("the certificate is none of an authority");
    if (!is_strong(root)) return refused("the key of the certificate is too short");
    if (!is_valid_at(*root, now)) return refused("the certificate is not valid now");
    if (describe(*root).serial.size() > serial_digits) return refused("the serial number is too long");
    const bool is_vouched_for =
        std::any_of(known.begin(), known.end(), [&](const auto& one) { return is_signed_by(*root, *one); });
    if (!is_signed_by(*root, *root) && !is_vouched_for)
        return refused("the certificate is signed neither by itself nor by an installed root");
    // cppcheck-suppress returnStdMoveLocal  ; an element of it
    return std::move(all->front());
}

bool is_signed_by(const x509_st& candidate, const x509_st& issuer) {
    auto* child =
        const_cast<X509*>(&candidate);  // NOLINT(cppcoreguidelines-pro-type-const-cast): OpenSSL's API
    auto* parent =
        const_cast<X509*>(&issuer);  // NOLINT(cppcoreguidelines-pro-type-const-cast): caches inside
    ERR_clear_error();
    return X509_check_issued(parent, child) == X509_V_OK && X509_verify(child, X509_get0_pubkey(parent)) == 1;
}

Result<Chain> read_client_chain(std::string_view pem, const Chain& roots, UtcTime now,
                                const Revoked& revoked) {
    ERR_clear_error();
    auto chain = read_certificates(pem);
    if (!chain) return chain.error();
    if (roots.empty()) return refused("no CentralSystemRootCertificate is installed");
    if (!is_strong(chain->front().get())) return refused("the key of the certificate is too short");
    const auto facts = describe(*chain->front());
    const auto at = std::max(now, facts.not_before);
    if (const auto why = verify(*chain, roots, revoked, at, now)) return refused(*why);
    return std::move(*chain);
}

Result<ClientCertificate> read_client_pair(std::string_view chain, const Secret& key, UtcTime now) {
    ERR_clear_error();
    auto certificates = read_certificates(chain);
    if (!certificates) return certificates.error();
    auto private_key = read_key(key.reveal());
    if (!private_key) return private_key.error();
    X509* leaf = certificates->front().get();
    const auto facts = describe(*leaf);
    if (X509_check_private_key(leaf, private_key->get()) != 1)
        return refused("the certificate is not that of the key");
    if (!is_strong(leaf)) return refused("the key of the certificate is too short");
    if (X509_check_purpose(leaf, X509_PURPOSE_SSL_CLIENT, 0) != 1)
        return refused("the certificate is not for a client");
    if (facts.not_after <= now) return refused("the certificate has expired");
    return ClientCertificate{*std::move(private_key), *std::move(certificates), facts.not_before,
                             facts.not_after};
}

ocpp::CertificateHashData hash_data(const x509_st& certificate, const x509_st& issuer,
                                    ocpp::HashAlgorithm algorithm) {
    const EVP_MD* digest = digest_of(algorithm);
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned size = 0;
    ocpp::CertificateHashData data;
    data.hashAlgorithm = algorithm;
    X509_NAME_digest(X509_get_issuer_name(&certificate), digest, bytes.data(), &size);
    data.issuerNameHash = hex(bytes.data(), size);
    X509_pubkey_digest(&issuer, digest, bytes.data(), &size);
    data.issuerKeyHash = hex(bytes.data(), size);
    data.serialNumber = describe(certificate).serial;
    return data;
}

bool is_same(const ocpp::CertificateHashData& a, const ocpp::CertificateHashData& b) {
    return a.hashAlgorithm == b.hashAlgorithm &&
           ocpp::equals_ignoring_case(a.issuerNameHash.str(), b.issuerNameHash.str()) &&
           ocpp::equals_ignoring_case(a.issuerKeyHash.str(), b.issuerKeyHash.str()) &&
           ocpp::equals_ignoring_case(without_zeros(a.serialNumber.str()),
                                      without_zeros(b.serialNumber.str()));
}

}  // namespace busbar::gateway

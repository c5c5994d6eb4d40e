// SPDX-License-Identifier: Apache-2.0
// Authorities, and those they sign, made on the spot with the one flaw a test is about.
#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>
#include <vector>

#include "gateway/certificates/link_identity.hpp"

namespace busbar::gateway::testing {

inline constexpr UtcTime now =
    std::chrono::sys_days(std::chrono::year(2026) / 11 / 23) + std::chrono::hours(12);
inline constexpr std::chrono::days day{1};

struct PartyWish {
    std::string name = "Root";
    bool authority = true;
    UtcTime from = now - 100 * day;
    UtcTime until = now + 1000 * day;
    long serial = 0x0a1b2c;
    const char* usage = nullptr;  ///< extendedKeyUsage
    unsigned rsa_bits = 0;        ///< 0: P-256
    const char* key_usage = nullptr;
};

struct Party {
    CertificatePtr certificate;
    KeyPtr key;
    [[nodiscard]] std::string pem() const { return write_certificate(*certificate); }
};

inline void extend(X509* certificate, int kind, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

inline void set_time(ASN1_TIME* field, UtcTime time) {
    ASN1_TIME_set(field, std::chrono::floor<seconds>(time).time_since_epoch().count());
}

/// Signed by `issuer`; null: by itself. `public_key`: of somebody else, for whom it is.
inline Party make(const PartyWish& wish, const Party* issuer = nullptr, EVP_PKEY* public_key = nullptr) {
    Party made;
    made.key.reset(wish.rsa_bits > 0 ? EVP_RSA_gen(wish.rsa_bits) : EVP_EC_gen("P-256"));
    made.certificate.reset(X509_new());
    X509* certificate = made.certificate.get();
    X509_set_version(certificate, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), wish.serial);
    set_time(X509_getm_notBefore(certificate), wish.from);
    set_time(X509_getm_notAfter(certificate), wish.until);
    X509_set_pubkey(certificate, public_key != nullptr ? public_key : made.key.get());
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(wish.name.c_str()), -1, -1, 0);
    const Party& parent = issuer != nullptr ? *issuer : made;
    X509_set_issuer_name(certificate, X509_get_subject_name(parent.certificate.get()));
    extend(certificate, NID_basic_constraints, wish.authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
    if (wish.authority) extend(certificate, NID_key_usage, "critical,keyCertSign,cRLSign");
    if (wish.usage != nullptr) extend(certificate, NID_ext_key_usage, wish.usage);
    if (wish.key_usage != nullptr) extend(certificate, NID_key_usage, wish.key_usage);
    X509_sign(certificate, parent.key.get(), EVP_sha256());
    return made;
}

/// PEM: what `issuer` took back, by serial numbers; the next list is due at `next`.
inline std::string revocation_list(const Party& issuer, const std::vector<long>& serials,
                                   UtcTime next = now + day) {
    const std::unique_ptr<X509_CRL, decltype(&X509_CRL_free)> list(X509_CRL_new(), X509_CRL_free);
    const std::unique_ptr<ASN1_TIME, decltype(&ASN1_TIME_free)> time(ASN1_TIME_new(), ASN1_TIME_free);
    X509_CRL_set_version(list.get(), X509_CRL_VERSION_2);
    X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(issuer.certificate.get()));
    set_time(time.get(), next);
    X509_CRL_set1_nextUpdate(list.get(), time.get());
    set_time(time.get(), next - 2 * day);
    X509_CRL_set1_lastUpdate(list.get(), time.get());
    for (const long serial : serials) {
        X509_REVOKED* one = X509_REVOKED_new();
        const std::unique_ptr<ASN1_INTEGER, decltype(&ASN1_INTEGER_free)> number(ASN1_INTEGER_new(),
                                                                                 ASN1_INTEGER_free);
        ASN1_INTEGER_set(number.get(), serial);
        X509_REVOKED_set_serialNumber(one, number.get());
        X509_REVOKED_set_revocationDate(one, time.get());
        X509_CRL_add0_revoked(list.get(), one);
    }
    X509_CRL_sort(list.get());
    X509_CRL_sign(list.get(), issuer.key.get(), EVP_sha256());
    const std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), BIO_free);
    PEM_write_bio_X509_CRL(out.get(), list.get());
    char* data = nullptr;
    const auto size = BIO_get_mem_data(out.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

inline PartyWish leaf() {
    PartyWish wish;
    wish.name = "CP1";
    wish.authority = false;
    return wish;
}

inline Chain chain_of(const Party& party) {
    Chain chain;
    chain.push_back(std::move(read_certificates(party.pem()).value().front()));
    return chain;
}

}  // namespace busbar::gateway::testing

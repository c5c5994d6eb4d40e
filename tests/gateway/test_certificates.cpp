// SPDX-License-Identifier: Apache-2.0
#include "test_certificates.hpp"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <unistd.h>

namespace busbar::gateway::testing {
namespace {

constexpr UtcTime root_begin{seconds(1'577'836'800)};  // 2020-01-01
constexpr UtcTime root_end{seconds(4'102'444'800)};    // 2100-01-01

void set_time(ASN1_TIME* field, UtcTime time) {
    ASN1_TIME_set(field, std::chrono::floor<seconds>(time).time_since_epoch().count());
}

void add_extension(X509* certificate, X509* issuer, int kind, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

Issued begin(const std::string& name, const Wish& wish) {
    Issued made;
    made.key.reset(wish.rsa_bits > 0 ? EVP_RSA_gen(wish.rsa_bits) : EVP_EC_gen("P-256"));
    made.certificate.reset(X509_new());
    X509* certificate = made.certificate.get();
    X509_set_version(certificate, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    set_time(X509_getm_notBefore(certificate), wish.not_before);
    set_time(X509_getm_notAfter(certificate), wish.not_after);
    X509_set_pubkey(certificate, made.key.get());
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    return made;
}

}  // namespace

TestAuthority::TestAuthority() : root_(begin("Test Root", {"", root_begin, root_end})) {
    X509* root = root_.certificate.get();
    X509_set_issuer_name(root, X509_get_subject_name(root));
    add_extension(root, root, NID_basic_constraints, "critical,CA:TRUE");
    add_extension(root, root, NID_key_usage, "critical,keyCertSign,cRLSign");
    X509_sign(root, root_.key.get(), EVP_sha256());
}

Issued TestAuthority::issue(const Wish& wish) const {
    Issued made = begin("Test Server", wish);
    X509_set_issuer_name(made.certificate.get(), X509_get_subject_name(root_.certificate.get()));
    if (!wish.names.empty()) {
        add_extension(made.certificate.get(), root_.certificate.get(), NID_subject_alt_name, wish.names);
    }
    X509_sign(made.certificate.get(), root_.key.get(), EVP_sha256());
    return made;
}

std::string TestAuthority::root_file() const {
    std::string name = ::testing::TempDir() + "busbar-root-XXXXXX";
    FILE* file = fdopen(mkstemp(name.data()), "w");
    PEM_write_X509(file, root_.certificate.get());
    std::fclose(file);
    return name;
}

std::string TestAuthority::crl_file(long serial) const {
    std::string name = ::testing::TempDir() + "busbar-crl-XXXXXX";
    close(mkstemp(name.data()));
    X509_CRL* list = X509_CRL_new();
    X509_REVOKED* one = X509_REVOKED_new();
    ASN1_TIME* time = ASN1_TIME_new();
    ASN1_INTEGER* number = ASN1_INTEGER_new();
    set_time(time, root_begin);
    ASN1_INTEGER_set(number, serial);
    X509_REVOKED_set_serialNumber(one, number);
    X509_REVOKED_set_revocationDate(one, time);
    X509_CRL_set_version(list, X509_CRL_VERSION_2);
    X509_CRL_set_issuer_name(list, X509_get_subject_name(root_.certificate.get()));
    X509_CRL_set1_lastUpdate(list, time);
    set_time(time, root_end);
    X509_CRL_set1_nextUpdate(list, time);
    X509_CRL_add0_revoked(list, one);
    X509_CRL_sign(list, root_.key.get(), EVP_sha256());
    FILE* file = std::fopen(name.c_str(), "w");
    PEM_write_X509_CRL(file, list);
    std::fclose(file);
    ASN1_INTEGER_free(number);
    ASN1_TIME_free(time);
    X509_CRL_free(list);
    return name;
}

ServerContextPtr server_for(const Issued& issued) {
    ServerContextPtr context(SSL_CTX_new(TLS_server_method()));
    SSL_CTX_use_certificate(context.get(), issued.certificate.get());
    SSL_CTX_use_PrivateKey(context.get(), issued.key.get());
    return context;
}

}  // namespace busbar::gateway::testing

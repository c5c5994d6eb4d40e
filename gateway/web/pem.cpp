// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/pem.hpp"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <boost/asio/ip/address.hpp>
#include <ctime>

namespace busbar::gateway {
namespace {

constexpr std::size_t longest_chain = 8;

struct BioFree {
    void operator()(BIO* bio) const { BIO_free(bio); }
};
using BioPtr = std::unique_ptr<BIO, BioFree>;

BioPtr reading(std::string_view text) {
    return BioPtr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}
BioPtr writing() {
    return BioPtr(BIO_new(BIO_s_mem()));
}
std::string text_of(BIO* bio) {
    char* data = nullptr;
    const auto size = BIO_get_mem_data(bio, &data);
    return {data, static_cast<std::size_t>(size)};
}

/// Nobody is asked for a passphrase.
int no_passphrase(char*, int, int, void*) {
    return 0;
}

bool add_extension(X509* certificate, int kind, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
    if (extension == nullptr) return false;
    const bool added = X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return added;
}

void set_time(ASN1_TIME* field, UtcTime time) {
    ASN1_TIME_set(field, std::chrono::floor<seconds>(time).time_since_epoch().count());
}

/// 127 bits: two certificates of one issuer with one number are refused by browsers.
void set_serial(X509* certificate) {
    std::array<unsigned char, 16> bytes{};
    RAND_bytes(bytes.data(), bytes.size());
    bytes[0] &= 0x7F;
    BIGNUM* number = BN_bin2bn(bytes.data(), bytes.size(), nullptr);
    BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate));
    BN_free(number);
}

std::string alternative_names(const CertificateWish& wish) {
    std::string names;
    const auto add = [&](const char* kind, const std::string& name) {
        names += fmt::format("{}{}:{}", names.empty() ? "" : ",", kind, name);
    };
    if (!wish.host.empty()) {
        add("DNS", wish.host);
        if (wish.host.find('.') == std::string::npos) add("DNS", wish.host + ".local");
    }
    for (const auto& address : wish.addresses) add("IP", address);
    return names;
}

UtcTime time_of(const ASN1_TIME* field) {
    std::tm parts{};
    if (ASN1_TIME_to_tm(field, &parts) != 1) return {};
    return UtcTime(seconds(timegm(&parts)));
}

std::string name_text(const X509_NAME* name) {
    const auto bio = writing();
    X509_NAME_print_ex(bio.get(), name, 0,
                       XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB));
    return text_of(bio.get());
}

std::string address_text(const ASN1_OCTET_STRING* address) {
    const auto* data = ASN1_STRING_get0_data(address);
    const auto size = static_cast<std::size_t>(ASN1_STRING_length(address));
    namespace ip = boost::asio::ip;
    ip::address_v4::bytes_type v4{};
    ip::address_v6::bytes_type v6{};
    if (size == v4.size()) {
        std::copy_n(data, size, v4.begin());
        return ip::address_v4(v4).to_string();
    }
    if (size != v6.size()) return {};
    std::copy_n(data, size, v6.begin());
    return ip::address_v6(v6).to_string();
}

std::vector<std::string> names_of(const X509* certificate) {
    std::vector<std::string> found;
    auto* names =
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
    for (int i = 0; i < sk_GENERAL_NAME_num(names); ++i) {
        const auto* name = sk_GENERAL_NAME_value(names, i);
        if (name->type == GEN_DNS) {
            const auto* text = name->d.dNSName;
            found.emplace_back(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
                               static_cast<std::size_t>(ASN1_STRING_length(text)));
        } else if (name->type == GEN_IPADD) {
            found.push_back(address_text(name->d.iPAddress));
        }
    }
    GENERAL_NAMES_free(names);
    return found;
}

std::string fingerprint_of(const X509* certificate) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    X509_digest(certificate, EVP_sha256(), digest.data(), &size);
    std::string text;
    for (unsigned i = 0; i < size; ++i) text += fmt::format("{}{:02X}", i == 0 ? "" : ":", digest.at(i));
    return text;
}

std::string serial_of(const X509* certificate) {
    BIGNUM* number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr);
    char* digits = number != nullptr ? BN_bn2hex(number) : nullptr;
    std::string text = digits != nullptr ? digits : "";
    OPENSSL_free(digits);
    BN_free(number);
    text.erase(0, std::min(text.find_first_not_of('0'), text.size()));
    for (char& c : text) c = c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
    return text.empty() ? "0" : text;
}

}  // namespace

void CertificateFree::operator()(x509_st* certificate) const {
    X509_free(certificate);
}
void CertificateFree::operator()(evp_pkey_st* key) const {
    EVP_PKEY_free(key);
}

Result<std::vector<CertificatePtr>> read_certificates(std::string_view pem) {
    const auto bio = reading(pem);
    std::vector<CertificatePtr> chain;
    while (chain.size() <= longest_chain) {
        CertificatePtr next(PEM_read_bio_X509(bio.get(), nullptr, no_passphrase, nullptr));
        if (!next) break;
        chain.push_back(std::move(next));
    }
    if (chain.empty()) return Error{Errc::invalid, "the certificate must be PEM: BEGIN CERTIFICATE"};
    if (chain.size() > longest_chain)
        return Error{Errc::invalid, "eight certificates in a chain are the most"};
    return chain;
}

Result<KeyPtr> read_key(std::string_view pem) {
    const auto bio = reading(pem);
    KeyPtr key(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr));
    if (!key) return Error{Errc::invalid, "the key must be PEM and not encrypted: BEGIN PRIVATE KEY"};
    return key;
}

Result<Secret> make_key(int rsa_bits) {
    const KeyPtr key(rsa_bits > 0 ? EVP_RSA_gen(static_cast<unsigned>(rsa_bits)) : EVP_EC_gen("P-256"));
    if (!key) return Error{Errc::unsupported, "OpenSSL made no key"};
    return write_key(*key);
}

Result<std::string> self_signed(const Secret& key, const CertificateWish& wish) {
    const auto private_key = read_key(key.reveal());
    if (!private_key) return private_key.error();
    const CertificatePtr certificate(X509_new());
    X509_set_version(certificate.get(), X509_VERSION_3);
    set_serial(certificate.get());
    set_time(X509_getm_notBefore(certificate.get()), wish.not_before);
    set_time(X509_getm_notAfter(certificate.get()), wish.not_after);
    X509_set_pubkey(certificate.get(), private_key->get());
    const std::string subject = wish.host.empty() ? "busbar" : wish.host.substr(0, ub_common_name);
    auto* name = X509_get_subject_name(certificate.get());
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(subject.c_str()), -1, -1, 0);
    X509_set_issuer_name(certificate.get(), name);
    const auto names = alternative_names(wish);
    // No CA: whoever trusts it trusts this gateway and nobody else.
    const bool described = add_extension(certificate.get(), NID_basic_constraints, "critical,CA:FALSE") &&
                           add_extension(certificate.get(), NID_key_usage, "critical,digitalSignature") &&
                           add_extension(certificate.get(), NID_ext_key_usage, "serverAuth") &&
                           (names.empty() || add_extension(certificate.get(), NID_subject_alt_name, names));
    const auto bio = writing();
    if (!described || X509_sign(certificate.get(), private_key->get(), EVP_sha256()) == 0 ||
        PEM_write_bio_X509(bio.get(), certificate.get()) != 1) {
        return Error{Errc::invalid, "no certificate can be made for the names " + names};
    }
    return text_of(bio.get());
}

Result<CertificateFacts> describe(std::string_view pem) {
    const auto chain = read_certificates(pem);
    if (!chain) return chain.error();
    return describe(*chain->front());
}

CertificateFacts describe(const x509_st& certificate) {
    const auto* subject = X509_get_subject_name(&certificate);
    const auto* issuer = X509_get_issuer_name(&certificate);
    return CertificateFacts{name_text(subject),
                            name_text(issuer),
                            names_of(&certificate),
                            time_of(X509_get0_notBefore(&certificate)),
                            time_of(X509_get0_notAfter(&certificate)),
                            fingerprint_of(&certificate),
                            serial_of(&certificate),
                            X509_NAME_cmp(subject, issuer) == 0};
}

std::string write_certificate(const x509_st& certificate) {
    const auto bio = writing();
    return PEM_write_bio_X509(bio.get(), &certificate) == 1 ? text_of(bio.get()) : std::string();
}

std::string write_certificates(const std::vector<CertificatePtr>& chain) {
    std::string text;
    for (const auto& one : chain) text += write_certificate(*one);
    return text;
}

Secret write_key(const evp_pkey_st& key) {
    const auto bio = writing();
    const int written = PEM_write_bio_PrivateKey(bio.get(), &key, nullptr, nullptr, 0, nullptr, nullptr);
    return Secret(written == 1 ? text_of(bio.get()) : std::string());
}

}  // namespace busbar::gateway

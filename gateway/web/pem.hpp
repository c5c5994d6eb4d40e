// SPDX-License-Identifier: Apache-2.0
// Certificates and keys as text: read, made, described.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.hpp"
#include "gateway/base/secret.hpp"
#include "gateway/base/time.hpp"

struct x509_st;      // OpenSSL's X509
struct evp_pkey_st;  // OpenSSL's EVP_PKEY

namespace busbar::gateway {

struct CertificateFree {
    void operator()(x509_st* certificate) const;
    void operator()(evp_pkey_st* key) const;
};
using CertificatePtr = std::unique_ptr<x509_st, CertificateFree>;
using KeyPtr = std::unique_ptr<evp_pkey_st, CertificateFree>;

/// All certificates of a PEM text, one at least and eight at most. Error: invalid.
Result<std::vector<CertificatePtr>> read_certificates(std::string_view pem);

/// The first private key of a PEM text; not one that a passphrase protects. Error: invalid.
Result<KeyPtr> read_key(std::string_view pem);

/// A new key as PEM: of RSA with so many bits, 0: on the curve P-256.
Result<Secret> make_key(int rsa_bits = 0);

struct CertificateWish {
    std::string host;                    ///< "" for none
    std::vector<std::string> addresses;  ///< IP literals
    UtcTime not_before;
    UtcTime not_after;
};

/// A certificate for host, host.local and the addresses, signed by its own key, as PEM.
Result<std::string> self_signed(const Secret& key, const CertificateWish& wish);

struct CertificateFacts {
    std::string subject;  ///< "CN=gateway"
    std::string issuer;
    std::vector<std::string> names;  ///< host names, and IP literals in the one spelling of asio
    UtcTime not_before;
    UtcTime not_after;
    std::string sha256;  ///< fingerprint: "AB:CD:..."
    std::string serial;  ///< hexadecimal, lower case, without leading zeros
    bool self_signed = false;
};

/// Of the first certificate of a PEM text. Error: invalid.
Result<CertificateFacts> describe(std::string_view pem);
CertificateFacts describe(const x509_st& certificate);

/// As PEM.
std::string write_certificate(const x509_st& certificate);
std::string write_certificates(const std::vector<CertificatePtr>& chain);
Secret write_key(const evp_pkey_st& key);

}  // namespace busbar::gateway

// SPDX-License-Identifier: Apache-2.0
// Certificates made on the spot: a root, and servers below it with the one flaw a test is about.
#pragma once

#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

#include "gateway/base/time.hpp"

namespace busbar::gateway::testing {

struct Free {
    void operator()(X509* certificate) const { X509_free(certificate); }
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
    void operator()(SSL* ssl) const { SSL_free(ssl); }
};
using CertificatePtr = std::unique_ptr<X509, Free>;
using KeyPtr = std::unique_ptr<EVP_PKEY, Free>;
using ServerContextPtr = std::unique_ptr<SSL_CTX, Free>;

struct Issued {
    CertificatePtr certificate;
    KeyPtr key;
};

struct Wish {
    std::string names = "DNS:csms.test,IP:192.0.2.7";  ///< subjectAltName; "" for none
    UtcTime not_before;
    UtcTime not_after;
    unsigned rsa_bits = 0;  ///< 0: P-256
};

class TestAuthority {
  public:
    TestAuthority();

    [[nodiscard]] Issued issue(const Wish& wish) const;
    /// A PEM file with the root, in the test's temporary directory.
    [[nodiscard]] std::string root_file() const;
    /// A PEM file with the list of what it took back, by serial number.
    [[nodiscard]] std::string crl_file(long serial) const;

  private:
    Issued root_;
};

/// A server for `issued` with OpenSSL's own defaults.
ServerContextPtr server_for(const Issued& issued);

}  // namespace busbar::gateway::testing

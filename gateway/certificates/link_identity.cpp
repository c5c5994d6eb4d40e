// SPDX-License-Identifier: Apache-2.0
#include "gateway/certificates/link_identity.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <algorithm>

namespace busbar::gateway {

Result<ClientCertificate> read_client_certificate(const Secret& pem) {
    ERR_clear_error();
    auto key = read_key(pem.reveal());
    if (!key) return key.error();
    auto chain = read_certificates(pem.reveal());
    if (!chain) return chain.error();
    if (X509_check_private_key(chain->front().get(), key->get()) != 1)
        return Error{Errc::invalid, "the certificate is not that of the key"};
    const auto facts = describe(*chain->front());
    return ClientCertificate{*std::move(key), *std::move(chain), facts.not_before, facts.not_after};
}

std::vector<std::string> verified_chain(const ssl_st& connection) {
    const STACK_OF(X509)* chain = SSL_get0_verified_chain(&connection);
    const int length = std::max(sk_X509_num(chain), 0);  // -1: there is none
    std::vector<std::string> fingerprints;
    fingerprints.reserve(static_cast<std::size_t>(length));
    for (int i = 0; i < length; ++i) fingerprints.push_back(describe(*sk_X509_value(chain, i)).sha256);
    return fingerprints;
}

}  // namespace busbar::gateway

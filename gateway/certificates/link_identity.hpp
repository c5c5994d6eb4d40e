// SPDX-License-Identifier: Apache-2.0
// Who a charge point is to its central system, and whom it trusts beside the roots of ca_file.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "gateway/base/result.hpp"
#include "gateway/base/secret.hpp"
#include "gateway/base/time.hpp"
#include "gateway/web/pem.hpp"

struct ssl_st;  // OpenSSL's SSL

namespace busbar::gateway {

/// Leaf first.
using Chain = std::vector<CertificatePtr>;

struct ClientCertificate {
    KeyPtr key;
    Chain chain;
    UtcTime not_before;
    UtcTime not_after;
};

/// Key and chain in one PEM text. Error (invalid): one of them is missing, or they are no pair.
Result<ClientCertificate> read_client_certificate(const Secret& pem);

/// SHA-256 fingerprints of the chain by which the peer was verified, its own first; empty: it was not.
std::vector<std::string> verified_chain(const ssl_st& connection);

/// What one dial shows.
struct LinkIdentity {
    int security_profile = 2;  ///< 3: the certificate, and no password
    std::shared_ptr<const ClientCertificate> client;
    std::shared_ptr<const Chain> roots;  ///< trusted as those of ca_file are
};

}  // namespace busbar::gateway

// SPDX-License-Identifier: Apache-2.0
// Whether a certificate that comes over OCPP is what it should be, and the hash data by which OCPP names one.
#pragma once

#include <string>
#include <string_view>

#include "gateway/base/result.hpp"
#include "gateway/base/time.hpp"
#include "gateway/certificates/link_identity.hpp"
#include "gateway/certificates/revocation.hpp"
#include "ocpp/security_messages.hpp"

namespace busbar::gateway {

/// One certificate of an authority that may become an anchor of trust: valid at `now`, its key of 2048 bits
/// (RSA) or 224 (elliptic curve) at least, signed by itself or by one of `known`. Error (invalid): why not.
Result<CertificatePtr> read_root(std::string_view pem, UtcTime now, const Chain& known);

/// `candidate` was signed by the key of `issuer`, which it names.
bool is_signed_by(const x509_st& candidate, const x509_st& issuer);

/// A client certificate and what leads from it to one of `roots`. The authorities must be valid at `now`; the
/// client's own may begin later, and is then judged at its beginning. Nobody of them may be on a list of
/// `revoked`. Error (invalid): why it is refused.
Result<Chain> read_client_chain(std::string_view pem, const Chain& roots, UtcTime now,
                                const Revoked& revoked = nullptr);

/// Somebody at the gateway brings a client certificate with its key, both PEM, the leaf first: a pair, for a
/// client, not over at `now`, its key as long as a root's. It need not lead to any root: that is the business
/// of whoever brings it. Error (invalid): what is wrong.
Result<ClientCertificate> read_client_pair(std::string_view chain, const Secret& key, UtcTime now);

/// Security whitepaper (edition 3), CertificateHashDataType; `issuer` is the certificate itself where it
/// signed itself. Lower case.
ocpp::CertificateHashData hash_data(const x509_st& certificate, const x509_st& issuer,
                                    ocpp::HashAlgorithm algorithm);

/// Whether both name the same: without regard to case and to leading zeros of the serial number.
bool is_same(const ocpp::CertificateHashData& a, const ocpp::CertificateHashData& b);

}  // namespace busbar::gateway

// SPDX-License-Identifier: Apache-2.0
// Who may sign firmware, and whether a file is signed (OCPP 1.6 security whitepaper, use case L01). Pure but
// for reading the file.
#pragma once

#include <string>
#include <vector>

#include "gateway/base/result.hpp"
#include "gateway/base/time.hpp"
#include "gateway/certificates/revocation.hpp"
#include "gateway/web/pem.hpp"

namespace busbar::gateway {

/// Whether the first certificate of `pem`, with those behind it as intermediates, leads to one of `roots` at
/// `at`, may sign, and has a key of at least RSA 2048 or 224 bits on a curve. Error: Errc::refused, one of
/// them is on a list of `revoked`; Errc::invalid.
Result<void> judge_signer(const std::string& pem, const std::vector<CertificatePtr>& roots, UtcTime at,
                          const Revoked& revoked = nullptr);

/// SHA-256 with RSA-PSS or ECDSA; RSA PKCS#1 1.5 too, which the compliance tool signs with. `signature` is
/// Base64. Error: Errc::invalid, it is not signed so; Errc::io, it cannot be read.
Result<void> verify_file(const std::string& path, const std::string& certificate,
                         const std::string& signature);

}  // namespace busbar::gateway

// SPDX-License-Identifier: Apache-2.0
// The key of a charge point and its request for a certificate (PKCS#10, RFC 2986).
#pragma once

#include <string>

#include "gateway/base/result.hpp"
#include "gateway/base/secret.hpp"

namespace busbar::gateway {

struct SigningRequest {
    Secret key;       ///< PEM
    std::string csr;  ///< PEM
};

/// With a new key of RSA with so many bits, 0: on the curve P-256. `common_name`: the charge point id;
/// `organisation`: "" leaves it away. Each is cut to the 64 characters that X.520 allows. Any thread; RSA
/// takes a small machine seconds.
Result<SigningRequest> make_signing_request(const std::string& common_name, const std::string& organisation,
                                            int rsa_bits = 0);

}  // namespace busbar::gateway

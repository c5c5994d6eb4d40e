// SPDX-License-Identifier: Apache-2.0
// What the core asks of whoever keeps keys and certificates, for it has no cryptography of its own, and the
// answers.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "gateway/base/result.hpp"
#include "gateway/base/time.hpp"
#include "ocpp/security_messages.hpp"

namespace busbar::ocpp {

/// A new key, and a PKCS#10 request for its certificate as PEM. The key never leaves the gateway.
struct MakeSigningRequest {
    std::string organisation;  ///< key CpoName; "": none
};

using CertificateQuestion = std::variant<MakeSigningRequest, CertificateSignedReq, DeleteCertificateReq,
                                         GetInstalledCertificateIdsReq, InstallCertificateReq>;

struct SigningRequestMade {
    Result<std::string> csr;
};
struct CertificateSignedVerdict {
    CertificateSignedStatus status{};
    std::string why;  ///< of Rejected, for a person
};
struct InstallVerdict {
    InstallCertificateStatus status{};
    std::string why;        ///< of Failed and Rejected
    bool bad_root = false;  ///< it was to be a central system's root, and is none that can be trusted
};

/// The alternative of the same place answers.
using CertificateAnswer = std::variant<SigningRequestMade, CertificateSignedVerdict, DeleteCertificateStatus,
                                       std::vector<CertificateHashData>, InstallVerdict>;

/// What a charge point must know of what its link shows.
struct LinkSecurity {
    struct Client {
        UtcTime not_before;
        UtcTime not_after;
    };
    int profile = 2;                      ///< of the connection there is, or was last
    std::optional<Client> client;         ///< the newest certificate that counts already
    std::optional<UtcTime> waiting_from;  ///< an accepted one counts from then on
};

}  // namespace busbar::ocpp

// SPDX-License-Identifier: Apache-2.0
// The keys and certificates of one charge point as a file: one, for its owner only, so that a power cut
// leaves all of it as it was before a change or after.
#pragma once

#include <string>
#include <vector>

#include "gateway/base/result.hpp"
#include "gateway/base/secret.hpp"

namespace busbar::gateway {

/// PEM texts.
struct KeptCertificates {
    Secret client;                              ///< key and chain that have worked; "": none
    Secret next;                                ///< key and chain that were accepted and have not worked yet
    Secret request_key;                         ///< of the newest SignCertificate
    std::vector<std::string> central_system{};  ///< roots, each with whoever signed it behind it
    std::vector<std::string> manufacturer{};
    std::vector<std::string>
        replaced{};  ///< roots of the link that were replaced by one that has not worked yet
};

/// Where those of a charge point lie below `dir`, whatever its id holds.
std::string kept_certificates_file(const std::string& dir, const std::string& charge_point);

/// No file: nothing is kept. Error (invalid): it is damaged; (io): it is there and cannot be read.
Result<KeptCertificates> read_kept_certificates(const std::string& file);

/// On the disk, with its name, when it returns. Makes the folder (0700) where it is missing.
Result<void> write_kept_certificates(const std::string& file, const KeptCertificates& kept);

}  // namespace busbar::gateway

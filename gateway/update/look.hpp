// SPDX-License-Identifier: Apache-2.0
// Is this bundle ours, and whole? The daemon looks first, for the person; the root helper looks again, at its
// own copy, and only that counts.
#pragma once

#include <string>
#include <vector>

#include "gateway/update/bundle.hpp"
#include "gateway/update/files.hpp"
#include "gateway/update/keys.hpp"

namespace busbar::update {

struct Verified {
    Manifest manifest;
    std::string signer;  ///< name of the key: current, next
    std::uint64_t package_at = 0;
};

/// Reads the file once, without holding it in memory. Nobody may write to it meanwhile. Refusal: no_keys,
/// bad_bundle, bad_signature, bad_manifest, wrong_hash, unreadable.
Judged<Verified> look_at(const File& bundle, const std::vector<PublicKey>& keys);

}  // namespace busbar::update

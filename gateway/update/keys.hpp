// SPDX-License-Identifier: Apache-2.0
// Who may sign: Ed25519 public keys as PEM files, the current and the next one.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace busbar::update {

struct PublicKey {
    std::string name;  ///< of its file, without .pem: "current"
    std::array<unsigned char, 32> bytes{};
};

/// What `openssl pkey -pubout` writes for an Ed25519 key. Empty: it is none.
std::optional<PublicKey> read_public_key(std::string_view name, std::string_view pem);

/// Those of `folder` that can be read; a missing folder has none.
std::vector<PublicKey> load_keys(const std::string& folder);

/// The name of the key that signed; empty: none of them did.
std::optional<std::string> signer_of(std::string_view message, std::string_view signature,
                                     const std::vector<PublicKey>& keys);

}  // namespace busbar::update

// SPDX-License-Identifier: Apache-2.0
// Bundles made in memory, good ones and others, signed by a key that exists in this process only.
#pragma once

#include <sodium.h>

#include <array>
#include <string>
#include <vector>

#include "gateway/update/keys.hpp"

namespace busbar::update::test {

struct KeyPair {
    PublicKey open;
    std::array<unsigned char, crypto_sign_SECRETKEYBYTES> secret{};
};

inline KeyPair key_pair(const std::string& name, unsigned char seed_byte) {
    if (sodium_init() < 0) return {};
    std::array<unsigned char, crypto_sign_SEEDBYTES> seed{};
    seed.fill(seed_byte);
    KeyPair pair{{name, {}}, {}};
    crypto_sign_seed_keypair(pair.open.bytes.data(), pair.secret.data(), seed.data());
    return pair;
}

inline std::string sign(const std::string& text, const KeyPair& pair) {
    std::string signature(crypto_sign_BYTES, '\0');
    crypto_sign_detached(reinterpret_cast<unsigned char*>(signature.data()), nullptr,
                         reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                         pair.secret.data());
    return signature;
}

inline std::string sha256(const std::string& text) {
    std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
    crypto_hash_sha256(hash.data(), reinterpret_cast<const unsigned char*>(text.data()), text.size());
    std::array<char, 65> hex{};
    sodium_bin2hex(hex.data(), hex.size(), hash.data(), hash.size());
    return hex.data();
}

inline std::string padded(std::string text, std::size_t width) {
    text.resize(width, ' ');
    return text;
}

struct Member {
    std::string name;
    std::string content;
};

/// As GNU ar writes it.
inline std::string archive(const std::vector<Member>& members) {
    std::string bytes = "!<arch>\n";
    for (const auto& [name, content] : members) {
        bytes += padded(name + '/', 16) + padded("0", 12) + padded("0", 6) + padded("0", 6) +
                 padded("644", 8) + padded(std::to_string(content.size()), 10) + "`\n" + content;
        if (content.size() % 2 != 0) bytes += '\n';
    }
    return bytes;
}

inline std::string manifest_text(const std::string& package, const std::string& version = "0.2.0") {
    return "format=busbar-bundle-1\npackage=busbar\nversion=" + version +
           "\narchitecture=amd64\nsize=" + std::to_string(package.size()) + "\nsha256=" + sha256(package) +
           "\nreleased=2026-11-23\nnotes=Better in every way.\n";
}

inline std::string bundle(const std::string& package, const KeyPair& pair) {
    const auto manifest = manifest_text(package);
    return archive(
        {{"manifest", manifest}, {"manifest.sig", sign(manifest, pair)}, {"package.deb", package}});
}

}  // namespace busbar::update::test

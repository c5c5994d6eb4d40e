// SPDX-License-Identifier: Apache-2.0
#include "gateway/update/keys.hpp"

#include <sodium.h>

#include <algorithm>

#include "gateway/update/files.hpp"

namespace busbar::update {
namespace {

constexpr std::string_view begin_line = "-----BEGIN PUBLIC KEY-----\n";
constexpr std::string_view end_line = "\n-----END PUBLIC KEY-----\n";
/// RFC 8410: SubjectPublicKeyInfo of an Ed25519 key, before its 32 bytes.
constexpr std::array<unsigned char, 12> before_key{0x30, 0x2a, 0x30, 0x05, 0x06, 0x03,
                                                   0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};
constexpr std::size_t largest_key_file = 1024;
constexpr std::array<const char*, 2> names{"current", "next"};

}  // namespace

std::optional<PublicKey> read_public_key(std::string_view name, std::string_view pem) {
    const auto around = begin_line.size() + end_line.size();
    if (pem.size() < around || !pem.starts_with(begin_line) || !pem.ends_with(end_line)) return std::nullopt;
    const auto text = pem.substr(begin_line.size(), pem.size() - around);
    PublicKey key{std::string(name), {}};
    std::array<unsigned char, before_key.size() + 32> der{};
    std::size_t size = 0;
    const char* end = nullptr;
    const int read = sodium_base642bin(der.data(), der.size(), text.data(), text.size(), nullptr, &size, &end,
                                       sodium_base64_VARIANT_ORIGINAL);
    if (read != 0 || size != der.size() || end != text.data() + text.size()) return std::nullopt;
    if (!std::equal(before_key.begin(), before_key.end(), der.begin())) return std::nullopt;
    std::copy(der.begin() + before_key.size(), der.end(), key.bytes.begin());
    return key;
}

std::vector<PublicKey> load_keys(const std::string& folder) {
    std::vector<PublicKey> keys;
    for (const char* name : names) {
        const auto text = small_file(folder + '/' + name + ".pem", largest_key_file);
        auto key = text ? read_public_key(name, *text) : std::nullopt;
        if (key) keys.push_back(*std::move(key));
    }
    return keys;
}

std::optional<std::string> signer_of(std::string_view message, std::string_view signature,
                                     const std::vector<PublicKey>& keys) {
    if (signature.size() != crypto_sign_BYTES || sodium_init() < 0) return std::nullopt;
    const auto* signed_bytes = reinterpret_cast<const unsigned char*>(message.data());
    const auto* proof = reinterpret_cast<const unsigned char*>(signature.data());
    for (const auto& key : keys) {
        if (crypto_sign_verify_detached(proof, signed_bytes, message.size(), key.bytes.data()) == 0) {
            return key.name;
        }
    }
    return std::nullopt;
}

}  // namespace busbar::update

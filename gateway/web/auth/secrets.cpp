// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/auth/secrets.hpp"

#include <sodium.h>

#include <array>
#include <stdexcept>

namespace busbar::gateway {
namespace {

constexpr unsigned long long passes = 2;
constexpr std::size_t memory = 19U * 1024 * 1024;

void need_sodium() {
    // Fails only where the kernel has no random numbers: nothing here is safe then.
    static const bool ready = sodium_init() >= 0;
    if (!ready) throw std::runtime_error("libsodium finds no source of random numbers");
}

template <std::size_t size>
std::string hex(const std::array<unsigned char, size>& bytes) {
    std::string text(size * 2 + 1, '\0');
    sodium_bin2hex(text.data(), text.size(), bytes.data(), size);
    text.pop_back();
    return text;
}

/// Of a password that nobody knows: what an unknown user's password is held against.
const std::string& nobodys_hash() {
    static const std::string hash = [] {
        auto made = hash_password(Secret(random_secret()));
        return made ? *made : std::string();
    }();
    return hash;
}

bool verify(const std::string& hash, const Secret& password) {
    // The field is read up to its end, not to a NUL.
    std::array<char, crypto_pwhash_STRBYTES> field{};
    if (hash.size() >= field.size()) return false;
    hash.copy(field.data(), hash.size());
    const auto text = password.reveal();
    return crypto_pwhash_str_verify(field.data(), text.data(), text.size()) == 0;
}

}  // namespace

std::string random_secret() {
    need_sodium();
    std::array<unsigned char, 32> bytes{};
    randombytes_buf(bytes.data(), bytes.size());
    constexpr int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
    std::string text(sodium_base64_ENCODED_LEN(32, variant), '\0');
    sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), variant);
    text.pop_back();
    return text;
}

std::string random_id() {
    need_sodium();
    std::array<unsigned char, 8> bytes{};
    randombytes_buf(bytes.data(), bytes.size());
    return hex(bytes);
}

Secret random_password() {
    need_sodium();
    constexpr std::string_view letters = "23456789abcdefghjkmnpqrstuvwxyz";  // none that look alike
    std::string text;
    for (int i = 0; i < 16; ++i) {
        if (i > 0 && i % 4 == 0) text += '-';
        text += letters[randombytes_uniform(letters.size())];
    }
    return Secret(std::move(text));
}

std::string digest_of(std::string_view secret) {
    need_sodium();
    std::array<unsigned char, crypto_generichash_BYTES> digest{};
    crypto_generichash(digest.data(), digest.size(), reinterpret_cast<const unsigned char*>(secret.data()),
                       secret.size(), nullptr, 0);
    return hex(digest);
}

bool same_digest(std::string_view a, std::string_view b) {
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

Result<std::string> hash_password(const Secret& password) {
    need_sodium();
    std::array<char, crypto_pwhash_STRBYTES> hash{};
    const auto text = password.reveal();
    if (crypto_pwhash_str_alg(hash.data(), text.data(), text.size(), passes, memory,
                              crypto_pwhash_ALG_ARGON2ID13) != 0) {
        return Error{Errc::io, "there is no memory to hash a password: 19 MiB are needed for a moment"};
    }
    return std::string(hash.data());
}

bool password_matches(const std::string& hash, const Secret& password) {
    need_sodium();
    const bool known = hash.starts_with("$argon2id$");
    const bool matches = verify(known ? hash : nobodys_hash(), password);
    return known && matches;
}

}  // namespace busbar::gateway

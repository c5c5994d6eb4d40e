// SPDX-License-Identifier: Apache-2.0
#include "gateway/update/look.hpp"

#include <sodium.h>

#include <algorithm>

namespace busbar::update {
namespace {

constexpr std::size_t piece = 64 * 1024;

Judged<std::string> sha256_of(const File& file, std::uint64_t from, std::uint64_t count) {
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    while (count > 0) {
        const auto bytes =
            read_at(file, from, static_cast<std::size_t>(std::min<std::uint64_t>(count, piece)));
        if (!bytes) return Refusal{"unreadable", bytes.error().detail};
        if (bytes->empty()) return Refusal{"bad_bundle", "The bundle became shorter while it was read."};
        crypto_hash_sha256_update(&state, reinterpret_cast<const unsigned char*>(bytes->data()),
                                  bytes->size());
        from += bytes->size();
        count -= bytes->size();
    }
    std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
    crypto_hash_sha256_final(&state, hash.data());
    std::array<char, 2 * crypto_hash_sha256_BYTES + 1> text{};
    sodium_bin2hex(text.data(), text.size(), hash.data(), hash.size());
    return std::string(text.data());
}

}  // namespace

Judged<Verified> look_at(const File& bundle, const std::vector<PublicKey>& keys) {
    if (keys.empty()) return Refusal{"no_keys", "No key of an update's maker is installed on this gateway."};
    const auto start = read_at(bundle, 0, largest_head);
    if (!start) return Refusal{"unreadable", start.error().detail};
    const auto head = read_head(*start, size_of(bundle));
    if (!head) return head.error();
    // The manifest's text is looked at only once it is known whose it is.
    const auto signer = signer_of(head->manifest, head->signature, keys);
    if (!signer)
        return Refusal{"bad_signature", "The bundle is not signed by a key of this gateway's maker."};
    auto manifest = read_manifest(head->manifest);
    if (!manifest) return manifest.error();
    const auto hash = sha256_of(bundle, head->package_at, head->package_size);
    if (!hash) return hash.error();
    if (manifest->size != head->package_size || manifest->sha256 != *hash) {
        return Refusal{"wrong_hash", "The bundle's package is not the one that was signed."};
    }
    return Verified{*std::move(manifest), *signer, head->package_at};
}

}  // namespace busbar::update

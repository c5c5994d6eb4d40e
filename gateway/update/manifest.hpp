// SPDX-License-Identifier: Apache-2.0
// The signed page of a bundle: which package it holds, for which machine, and its hash. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/update/refusal.hpp"

namespace busbar::update {

inline constexpr std::size_t largest_manifest = 4096;
inline constexpr std::uint64_t largest_package = 64ULL * 1024 * 1024;

struct Manifest {
    std::string package;
    std::string version;       ///< Debian Policy 5.6.12
    std::string architecture;  ///< as `dpkg --print-architecture` says it
    std::uint64_t size = 0;    ///< bytes of the package
    std::string sha256;        ///< of the package, 64 digits of [0-9a-f]
    std::string released;      ///< 2026-11-23
    std::string notes;         ///< a sentence for the person, or empty; UTF-8 of at most 500 bytes
    friend bool operator==(const Manifest&, const Manifest&) = default;
};

/// Refusal: bad_manifest, with the key that is wrong. Every key is there, once, in bounds, and no other; but
/// notes may be absent.
Judged<Manifest> read_manifest(std::string_view text);

/// What the machine is that an update is for.
struct Installed {
    std::string package;
    std::string version;
    std::string architecture;
};

/// Refusal: wrong_package, wrong_architecture, not_newer (the same version too: nothing is installed twice).
Judged<void> judge(const Manifest& manifest, const Installed& installed);

}  // namespace busbar::update

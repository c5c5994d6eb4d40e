// SPDX-License-Identifier: Apache-2.0
// The form of a bundle: an ar archive of exactly three members in one order, no path and no choice. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/update/manifest.hpp"
#include "gateway/update/refusal.hpp"

namespace busbar::update {

inline constexpr std::size_t signature_size = 64;
/// Everything before the package is within so many bytes.
inline constexpr std::size_t largest_head = 8 + 3 * 60 + largest_manifest + 1 + signature_size;
inline constexpr std::uint64_t largest_bundle = largest_head + largest_package + 1;

/// What stands before the package, and where that is.
struct BundleHead {
    std::string manifest;   ///< not yet believed
    std::string signature;  ///< signature_size bytes
    std::uint64_t package_at = 0;
    std::uint64_t package_size = 0;
};

/// `start`: the first bytes of the file, largest_head of them where it has as many. Refusal: bad_bundle; also
/// for a file that is shorter or longer than its parts.
Judged<BundleHead> read_head(std::string_view start, std::uint64_t file_size);

}  // namespace busbar::update

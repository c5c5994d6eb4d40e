// SPDX-License-Identifier: Apache-2.0
// Bytes as they travel on a line, and the two halves of a 16-bit word, high byte first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace busbar::sim {

using Bytes = std::vector<std::uint8_t>;

/// REQUIRES: bytes has at least at + 2 elements.
inline std::uint16_t word_at(const Bytes& bytes, std::size_t at) {
    return static_cast<std::uint16_t>((bytes[at] << 8) | bytes[at + 1]);
}

inline void append_word(Bytes& bytes, std::uint16_t word) {
    bytes.push_back(static_cast<std::uint8_t>(word >> 8));
    bytes.push_back(static_cast<std::uint8_t>(word & 0xFF));
}

}  // namespace busbar::sim

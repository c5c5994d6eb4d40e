// SPDX-License-Identifier: Apache-2.0
// Length and checksum of an RTU answer.
#include "adapters/rtu_frame.hpp"

#include <cstddef>

namespace busbar::adapters {
namespace {

constexpr std::size_t unit_and_function = 2;
constexpr std::size_t checksum = 2;

/// 0: a function that is never asked.
std::size_t answer_length(std::uint8_t function, std::uint8_t next) {
    constexpr std::uint8_t exception = 0x80;
    if ((function & exception) != 0) return unit_and_function + 1 + checksum;
    if (function >= 1 && function <= 4) return unit_and_function + 1 + next + checksum;
    const bool is_write = function == 5 || function == 6 || function == 15 || function == 16;
    return is_write ? unit_and_function + 4 + checksum : 0;
}

std::uint16_t cyclic_redundancy(std::span<const std::uint8_t> bytes) {
    unsigned crc = 0xFFFF;
    for (const auto byte : bytes) {
        crc ^= byte;
        for (int bit = 0; bit < 8; ++bit) crc = (crc & 1U) != 0 ? crc >> 1 ^ 0xA001U : crc >> 1;
    }
    return static_cast<std::uint16_t>(crc);
}

}  // namespace

bool is_intact_answer(std::span<const std::uint8_t> frame) {
    if (frame.size() <= unit_and_function) return false;
    const auto length = answer_length(frame[1], frame[2]);
    if (length == 0 || frame.size() < length) return false;
    const auto told = frame[length - 2] | frame[length - 1] << 8;
    return cyclic_redundancy(frame.first(length - checksum)) == told;
}

}  // namespace busbar::adapters

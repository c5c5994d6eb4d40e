// SPDX-License-Identifier: Apache-2.0
// Hex digits, limit fields and check bytes, from left to right.
#include "adapters/frame_template.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <functional>
#include <numeric>
#include <system_error>

namespace busbar::adapters {
namespace {

struct Layout {
    std::string_view name;
    std::size_t size;
    bool low_first;
};
constexpr std::array<Layout, 4> layouts{
    {{"u16", 2, false}, {"u32", 4, false}, {"u16le", 2, true}, {"u32le", 4, true}}};

void append(std::string& bytes, std::uint64_t value, std::size_t size, bool low_first) {
    for (std::size_t i = 0; i < size; ++i) {
        const auto shift = 8 * (low_first ? i : size - 1 - i);
        bytes += static_cast<char>(value >> shift & 0xFF);
    }
}

std::uint64_t sum8(std::string_view bytes) {
    return std::accumulate(bytes.begin(), bytes.end(), std::uint64_t{0}, [](std::uint64_t sum, char byte) {
        return (sum + static_cast<std::uint8_t>(byte)) & 0xFF;
    });
}

std::uint64_t xor8(std::string_view bytes) {
    return std::accumulate(bytes.begin(), bytes.end(), std::uint64_t{0}, [](std::uint64_t sum, char byte) {
        return sum ^ static_cast<std::uint8_t>(byte);
    });
}

/// CRC-16/MODBUS (MODBUS over Serial Line V1.02, 6.2.2), which goes out low byte first.
std::uint64_t crc16(std::string_view bytes) {
    std::uint32_t crc = 0xFFFF;
    for (const char byte : bytes) {
        crc ^= static_cast<std::uint8_t>(byte);
        for (int bit = 0; bit < 8; ++bit) crc = (crc & 1U) != 0 ? crc >> 1 ^ 0xA001U : crc >> 1;
    }
    return crc;
}

struct Check {
    std::string_view name;
    std::uint64_t (*over)(std::string_view);
    std::size_t size;
};
constexpr std::array<Check, 3> checks{{{"sum8", &sum8, 1}, {"xor8", &xor8, 1}, {"crc16", &crc16, 2}}};

Error unreadable(std::string_view part) {
    return {Errc::invalid, fmt::format("'{}' is no part of a frame", part)};
}

/// "limit:u16", "limit*10:u32".
Result<void> append_limit(std::string& bytes, std::string_view field, Amperes limit) {
    const auto colon = field.find(':');
    auto scale_text = field.substr(0, colon).substr(std::min(field.size(), std::string_view("limit").size()));
    double scale = 1;
    if (scale_text.starts_with('*')) {
        scale_text.remove_prefix(1);
        const auto* end = scale_text.data() + scale_text.size();
        const auto [rest, error] = std::from_chars(scale_text.data(), end, scale);
        if (error != std::errc{} || rest != end) return unreadable(field);
    } else if (!scale_text.empty()) {
        return unreadable(field);
    }
    const auto type = colon == std::string_view::npos ? std::string_view() : field.substr(colon + 1);
    const auto* layout =
        std::find_if(layouts.begin(), layouts.end(), [&](const Layout& each) { return each.name == type; });
    if (layout == layouts.end()) return unreadable(field);
    constexpr double slack = 1e-6;  // of a product that should be whole
    const double value = std::floor(limit.value() * scale + slack);
    if (value < 0 || value >= std::ldexp(1.0, static_cast<int>(8 * layout->size)))
        return Error{Errc::invalid, fmt::format("{} does not fit {{{}}}", value, field)};
    append(bytes, static_cast<std::uint64_t>(value), layout->size, layout->low_first);
    return {};
}

Result<void> append_field(std::string& bytes, std::string_view field, Amperes limit) {
    if (field.starts_with("limit")) return append_limit(bytes, field, limit);
    const auto* check =
        std::find_if(checks.begin(), checks.end(), [&](const Check& each) { return each.name == field; });
    if (check == checks.end()) return unreadable(field);
    append(bytes, check->over(bytes), check->size, true);
    return {};
}

Result<void> append_byte(std::string& bytes, std::string_view digits) {
    unsigned value = 0;
    const auto* end = digits.data() + digits.size();
    if (digits.size() != 2 || std::from_chars(digits.data(), end, value, 16).ptr != end)
        return unreadable(digits);
    bytes += static_cast<char>(value);
    return {};
}

}  // namespace

Result<std::string> render_frame(std::string_view text, Amperes limit) {
    std::string bytes;
    while (!text.empty()) {
        if (text.front() == ' ') {
            text.remove_prefix(1);
            continue;
        }
        const bool is_field = text.front() == '{';
        const auto size = is_field ? text.find('}') : std::size_t{2};
        if (size == std::string_view::npos) return unreadable(text);
        const auto part = is_field ? text.substr(1, size - 1) : text.substr(0, size);
        const auto done = is_field ? append_field(bytes, part, limit) : append_byte(bytes, part);
        if (!done) return done.error();
        text.remove_prefix(std::min(text.size(), is_field ? size + 1 : size));
    }
    return bytes;
}

}  // namespace busbar::adapters

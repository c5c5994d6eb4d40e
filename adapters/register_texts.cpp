// SPDX-License-Identifier: Apache-2.0
// Bytes, nibbles and UTF-16 units to UTF-8, without what manufacturers pad with.
#include "adapters/register_texts.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

namespace busbar::adapters {
namespace {

using config::ValueType;
using WordSpan = std::span<const std::uint16_t>;
using Bytes = std::vector<std::uint8_t>;

Bytes to_bytes(WordSpan words) {
    Bytes bytes;
    for (const auto word : words) {
        bytes.push_back(static_cast<std::uint8_t>(word >> 8));
        bytes.push_back(static_cast<std::uint8_t>(word & 0xFF));
    }
    return bytes;
}

/// Printable characters up to the first NUL, without blanks around.
std::string ascii(WordSpan words) {
    std::string text;
    for (const auto byte : to_bytes(words)) {
        if (byte == 0) break;
        if (byte >= 0x20 && byte < 0x7F) text += static_cast<char>(byte);
    }
    const auto first = text.find_first_not_of(' ');
    if (first == std::string::npos) return {};
    return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

/// Upper-case digits of all bytes; nothing when none or all of their bits are set.
std::string hex(WordSpan words) {
    const auto all = [&](std::uint16_t word) {
        return std::all_of(words.begin(), words.end(), [&](auto w) { return w == word; });
    };
    if (all(0) || all(0xFFFF)) return {};
    std::string text;
    for (const auto byte : to_bytes(words)) text += fmt::format("{:02X}", byte);
    return text;
}

void append_utf8(std::string& text, std::uint16_t unit) {
    if (unit < 0x80) {
        text += static_cast<char>(unit);
    } else if (unit < 0x800) {
        text += static_cast<char>(0xC0 | unit >> 6);
        text += static_cast<char>(0x80 | (unit & 0x3F));
    } else {
        text += static_cast<char>(0xE0 | unit >> 12);
        text += static_cast<char>(0x80 | (unit >> 6 & 0x3F));
        text += static_cast<char>(0x80 | (unit & 0x3F));
    }
}

/// Basic plane only: surrogates and control characters are dropped.
std::string utf16(WordSpan words) {
    std::string text;
    for (const auto unit : words) {
        if (unit == 0) break;
        const bool printable = unit >= 0x20 && unit != 0x7F && unit != 0xFFFF;
        const bool surrogate = unit >= 0xD800 && unit < 0xE000;
        if (printable && !surrogate) append_utf8(text, unit);
    }
    const auto last = text.find_last_not_of(' ');
    return last == std::string::npos ? std::string() : text.substr(0, last + 1);
}

/// A nibble above 9 is padding.
std::string bcd(WordSpan words) {
    std::string text;
    for (const auto byte : to_bytes(words)) {
        for (const int nibble : {byte >> 4, byte & 0x0F}) {
            if (nibble <= 9) text += static_cast<char>('0' + nibble);
        }
    }
    return text;
}

std::string version(WordSpan words) {
    const auto bytes = to_bytes(words);
    const auto first = std::find_if(bytes.begin(), bytes.end(), [](auto byte) { return byte != 0; });
    return fmt::format("{}", fmt::join(first, bytes.end(), "."));
}

}  // namespace

std::string text_of(ValueType type, WordSpan words) {
    switch (type) {
        case ValueType::ascii:
            return ascii(words);
        case ValueType::hex:
            return hex(words);
        case ValueType::utf16:
            return utf16(words);
        case ValueType::bcd:
            return bcd(words);
        case ValueType::version:
            return version(words);
        default:
            return {};
    }
}

}  // namespace busbar::adapters

// SPDX-License-Identifier: Apache-2.0
// Bytes in order, bits under the mask, scale, and the values that mean "not available".
#include "adapters/register_codec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>

namespace busbar::adapters {
namespace {

using config::Register;
using config::ValueType;
using config::WordOrder;

enum class Kind { natural, signed_integer, real, text };

struct Traits {
    Kind kind;
    int bits;  ///< 0: as long as the register's count says
};

Traits traits(ValueType type) {
    static constexpr std::array<Traits, 15> table{{
        {Kind::natural, 16},         // u16
        {Kind::signed_integer, 16},  // i16
        {Kind::natural, 32},         // u32
        {Kind::signed_integer, 32},  // i32
        {Kind::natural, 64},         // u64
        {Kind::signed_integer, 64},  // i64
        {Kind::real, 32},            // f32
        {Kind::real, 64},            // f64
        {Kind::natural, 8},          // u8_high
        {Kind::natural, 8},          // u8_low
        {Kind::text, 0},             // ascii
        {Kind::text, 0},             // hex
        {Kind::text, 0},             // utf16
        {Kind::text, 0},             // bcd
        {Kind::text, 0},             // version
    }};
    return table.at(static_cast<std::size_t>(type));
}

std::size_t word_count(const Register& reg) {
    const int bits = traits(reg.type).bits;
    return bits == 0 ? static_cast<std::size_t>(reg.count) : static_cast<std::size_t>((bits + 15) / 16);
}

std::uint64_t all_bits(int bits) {
    return bits >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << bits) - 1;
}

std::uint16_t swapped(std::uint16_t word) {
    return static_cast<std::uint16_t>(word << 8 | word >> 8);
}

/// Between the wire's order and high word first, high byte first; its own inverse.
Words reordered(const Register& reg, std::span<const std::uint16_t> wire) {
    Words words(wire.begin(), wire.end());
    if (reg.byte_swap) std::transform(words.begin(), words.end(), words.begin(), swapped);
    if (reg.word_order == WordOrder::low_first && traits(reg.type).kind != Kind::text) {
        std::reverse(words.begin(), words.end());
    }
    return words;
}

std::uint64_t join(const Words& words) {
    std::uint64_t value = 0;
    for (const auto word : words) value = value << 16 | word;
    return value;
}

Words split(std::uint64_t value, std::size_t count) {
    Words words(count);
    for (auto word = words.rbegin(); word != words.rend(); ++word, value >>= 16) {
        *word = static_cast<std::uint16_t>(value & 0xFFFF);
    }
    return words;
}

/// The integer on the wire: of a one-byte type that byte of its register.
std::uint64_t integer_of(const Register& reg, const Words& words) {
    const auto word = join(words);
    return (reg.type == ValueType::u8_high ? word >> 8 : word) & all_bits(traits(reg.type).bits);
}

double as_number(ValueType type, std::uint64_t integer) {
    const auto [kind, bits] = traits(type);
    if (kind == Kind::real) {
        return bits == 32 ? static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(integer)))
                          : std::bit_cast<double>(integer);
    }
    const bool negative = kind == Kind::signed_integer && (integer >> (bits - 1) & 1) != 0;
    return negative ? static_cast<double>(static_cast<std::int64_t>(integer | ~all_bits(bits)))
                    : static_cast<double>(integer);
}

std::optional<double> available(const Register& reg, std::uint64_t integer) {
    const double number = as_number(reg.type, integer);
    if (std::find(reg.absent.begin(), reg.absent.end(), number) != reg.absent.end()) return std::nullopt;
    const double masked = reg.mask && *reg.mask != 0
                              ? static_cast<double>((integer & *reg.mask) >> std::countr_zero(*reg.mask))
                              : number;
    const double value = masked * reg.scale + reg.offset;
    if (!std::isfinite(value)) return std::nullopt;
    if (value < reg.minimum.value_or(value) || value > reg.maximum.value_or(value)) return std::nullopt;
    return value;
}

std::vector<std::uint8_t> to_bytes(const Words& words) {
    std::vector<std::uint8_t> bytes;
    for (const auto word : words) {
        bytes.push_back(static_cast<std::uint8_t>(word >> 8));
        bytes.push_back(static_cast<std::uint8_t>(word & 0xFF));
    }
    return bytes;
}

/// Printable characters up to the first NUL, without blanks around.
std::string ascii(const Words& words) {
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
std::string hex(const Words& words) {
    const auto all = [&](std::uint16_t word) {
        return std::all_of(words.begin(), words.end(), [&](auto w) { return w == word; });
    };
    if (all(0) || all(0xFFFF)) return {};
    std::string text;
    for (const auto byte : to_bytes(words)) text += fmt::format("{:02X}", byte);
    return text;
}

/// Basic plane only: surrogates and control characters are dropped.
std::string utf16(const Words& words) {
    std::string text;
    for (const auto unit : words) {
        if (unit == 0) break;
        if (unit < 0x20 || unit == 0x7F || unit == 0xFFFF || (unit >= 0xD800 && unit < 0xE000)) continue;
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
    const auto last = text.find_last_not_of(' ');
    return last == std::string::npos ? std::string() : text.substr(0, last + 1);
}

std::string text_of(ValueType type, const Words& words) {
    if (type == ValueType::ascii) return ascii(words);
    return type == ValueType::hex ? hex(words) : utf16(words);
}

std::optional<std::uint64_t> to_integer(ValueType type, double steps, Rounding rounding) {
    constexpr double slack = 1e-6;
    const auto [kind, bits] = traits(type);
    const double whole = rounding == Rounding::down ? std::floor(steps + slack) : std::round(steps);
    const double range = std::ldexp(1.0, bits);
    const double lower = kind == Kind::signed_integer ? -range / 2 : 0;
    const double limit = std::min(kind == Kind::signed_integer ? range / 2 : range, 0x1p63);
    if (!(whole >= lower && whole < limit)) return std::nullopt;
    return static_cast<std::uint64_t>(static_cast<std::int64_t>(whole)) & all_bits(bits);
}

}  // namespace

Value decode(const Register& reg, std::span<const std::uint16_t> wire) {
    Value value;
    if (wire.size() < word_count(reg)) return value;
    const auto words = reordered(reg, wire.first(word_count(reg)));
    if (traits(reg.type).kind == Kind::text) {
        auto text = text_of(reg.type, words);
        if (!text.empty()) value.text = std::move(text);
        return value;
    }
    value.integer = integer_of(reg, words);
    value.number = available(reg, value.integer);
    return value;
}

Result<Words> encode(const Register& reg, double value, Rounding rounding) {
    const auto [kind, bits] = traits(reg.type);
    if (kind == Kind::text || reg.mask) {
        return Error{Errc::invalid, fmt::format("register {} can only be read", reg.name)};
    }
    const double steps = (value - reg.offset) / reg.scale;
    if (kind == Kind::real && std::isfinite(steps)) {
        const auto image = bits == 32 ? std::bit_cast<std::uint32_t>(static_cast<float>(steps))
                                      : std::bit_cast<std::uint64_t>(steps);
        return reordered(reg, split(image, word_count(reg)));
    }
    const auto integer = to_integer(reg.type, steps, rounding);
    if (!integer) return Error{Errc::invalid, fmt::format("register {} cannot hold {}", reg.name, value)};
    const int shift = reg.type == ValueType::u8_high ? 8 : 0;
    return reordered(reg, split(*integer << shift, word_count(reg)));
}

}  // namespace busbar::adapters

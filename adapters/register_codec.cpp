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

#include "adapters/pilot_current.hpp"
#include "adapters/register_texts.hpp"

namespace busbar::adapters {
namespace {

using config::Conversion;
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

/// Where the register's bits lie in its integer.
std::uint64_t integer_bits(const Register& reg) {
    return reg.mask.value_or(0) != 0 ? *reg.mask : all_bits(traits(reg.type).bits);
}

double step_of(const Register& reg, double exponent) {
    return reg.scale * std::pow(10.0, exponent);
}

std::optional<double> available(const Register& reg, std::uint64_t integer, double exponent) {
    const double number = as_number(reg.type, integer);
    if (std::find(reg.absent.begin(), reg.absent.end(), number) != reg.absent.end()) return std::nullopt;
    if (std::find(reg.zero.begin(), reg.zero.end(), number) != reg.zero.end()) return 0;
    const double masked = reg.mask && *reg.mask != 0
                              ? static_cast<double>((integer & *reg.mask) >> std::countr_zero(*reg.mask))
                              : number;
    double value = masked * step_of(reg, exponent) + reg.offset;
    if (!std::isfinite(value)) return std::nullopt;
    if (reg.conversion == Conversion::duty_cycle) value = current_of_duty(value);
    if (value < reg.minimum.value_or(value) || value > reg.maximum.value_or(value)) return std::nullopt;
    return value;
}

/// What of `value` may be written: itself, or of the values the profile lists the one that fits.
std::optional<double> allowed(const Register& reg, double value, Rounding rounding) {
    if (reg.allowed.empty()) return value;
    std::optional<double> best;
    for (const double entry : reg.allowed) {
        const double slack = 1e-9 * std::max({1.0, std::abs(value), std::abs(entry)});
        const bool fits = entry <= value + slack && (rounding == Rounding::down || entry >= value - slack);
        if (fits && entry >= best.value_or(entry)) best = entry;
    }
    return best;
}

std::optional<double> converted(const Register& reg, double value) {
    return reg.conversion == Conversion::duty_cycle ? duty_of_current(value) : value;
}

std::optional<std::uint64_t> to_integer(Kind kind, int bits, double steps, Rounding rounding) {
    constexpr double slack = 1e-6;
    const double whole = rounding == Rounding::down ? std::floor(steps + slack) : std::round(steps);
    const double range = std::ldexp(1.0, bits);
    const double lower = kind == Kind::signed_integer ? -range / 2 : 0;
    const double limit = std::min(kind == Kind::signed_integer ? range / 2 : range, 0x1p63);
    if (!(whole >= lower && whole < limit)) return std::nullopt;
    return static_cast<std::uint64_t>(static_cast<std::int64_t>(whole)) & all_bits(bits);
}

Error cannot_hold(const Register& reg, double value) {
    return {Errc::invalid, fmt::format("register {} cannot hold {}", reg.name, value)};
}

}  // namespace

Value decode(const Register& reg, std::span<const std::uint16_t> wire, std::optional<double> exponent) {
    Value value;
    if (wire.size() < word_count(reg)) return value;
    const auto words = reordered(reg, wire.first(word_count(reg)));
    if (traits(reg.type).kind == Kind::text) {
        auto text = text_of(reg.type, words);
        if (!text.empty()) value.text = std::move(text);
        return value;
    }
    value.integer = integer_of(reg, words);
    if (exponent) value.number = available(reg, value.integer, *exponent);
    return value;
}

Result<Words> encode(const Register& reg, double value, Rounding rounding, std::optional<double> exponent) {
    const auto [kind, bits] = traits(reg.type);
    if (kind == Kind::text) return Error{Errc::invalid, fmt::format("register {} is a text", reg.name)};
    if (!exponent) return Error{Errc::invalid, fmt::format("the exponent of {} is not known", reg.name)};
    const auto entry = allowed(reg, value, rounding);
    const auto number = entry ? converted(reg, *entry) : std::nullopt;
    if (!number) return cannot_hold(reg, value);
    const double steps = (*number - reg.offset) / step_of(reg, *exponent);
    if (kind == Kind::real && std::isfinite(steps)) {
        const auto image = bits == 32 ? std::bit_cast<std::uint32_t>(static_cast<float>(steps))
                                      : std::bit_cast<std::uint64_t>(steps);
        return reordered(reg, split(image, word_count(reg)));
    }
    const auto place = integer_bits(reg);
    const auto integer = to_integer(kind, std::popcount(place), steps, rounding);
    if (!integer) return cannot_hold(reg, value);
    const int shift = std::countr_zero(place) + (reg.type == ValueType::u8_high ? 8 : 0);
    return reordered(reg, split(*integer << shift, word_count(reg)));
}

Words own_bits(const Register& reg) {
    const int shift = reg.type == ValueType::u8_high ? 8 : 0;
    if (traits(reg.type).kind == Kind::text) return Words(word_count(reg), 0xFFFF);
    return reordered(reg, split(integer_bits(reg) << shift, word_count(reg)));
}

}  // namespace busbar::adapters

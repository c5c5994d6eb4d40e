// SPDX-License-Identifier: Apache-2.0
// The value types as one table, and the range of numbers a register can hold.
#include "config/register_facts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>

namespace busbar::config {
namespace {

struct Row {
    ValueType type;
    TypeFacts facts;
};

constexpr std::array<Row, 15> kFacts{{{ValueType::u16, {1, 16, false}},
                                      {ValueType::i16, {1, 16, true}},
                                      {ValueType::u32, {2, 32, false}},
                                      {ValueType::i32, {2, 32, true}},
                                      {ValueType::u64, {4, 64, false}},
                                      {ValueType::i64, {4, 64, true}},
                                      {ValueType::f32, {2, 0, true}},
                                      {ValueType::f64, {4, 0, true}},
                                      {ValueType::u8_high, {1, 8, false}},
                                      {ValueType::u8_low, {1, 8, false}},
                                      {ValueType::ascii, {0, 0, false}},
                                      {ValueType::hex, {0, 0, false}},
                                      {ValueType::utf16, {0, 0, false}},
                                      {ValueType::bcd, {0, 0, false}},
                                      {ValueType::version, {0, 0, false}}}};

/// The raw integers that the register's bits can hold.
Range raw_range(const Register& reg) {
    if (is_bit(reg.table)) return {0, 1};
    const TypeFacts facts = facts_of(reg.type);
    if (facts.is_signed) return {-std::ldexp(1, facts.bits - 1), std::ldexp(1, facts.bits - 1) - 1};
    const int bits = reg.mask ? std::popcount(*reg.mask) : facts.bits;
    return {0, std::ldexp(1, bits) - 1};
}

/// Decimal scales such as 0.1 are not exact in binary; a millionth of a step is no mistake of the author.
bool same_number(double a, double b) {
    return std::abs(a - b) <= 1e-6 * std::max(1.0, std::abs(a));
}

/// A current on the control pilot, IEC 61851-1 table A.8: none, or 6 to 80 A.
std::optional<std::string> misfit_of_duty_cycle(const Register& reg, double amperes) {
    const Range range = raw_range(reg);
    const double no_current = (100 - reg.offset) / reg.scale;
    if (facts_of(reg.type).bits > 0 && (no_current < range.least || no_current > range.most)) {
        return fmt::format("'{}' cannot hold a duty cycle of 100 %: correct its scale", reg.name);
    }
    if (amperes == 0 || (amperes >= 6 && amperes <= 80)) return {};
    return fmt::format("{:.10g} A does not fit '{}', a duty cycle: it is 0 A, or 6 to 80 A", amperes,
                       reg.name);
}

}  // namespace

const std::array<Name<ValueType>, 15> kValueTypes{{{"u16", ValueType::u16},
                                                   {"i16", ValueType::i16},
                                                   {"u32", ValueType::u32},
                                                   {"i32", ValueType::i32},
                                                   {"u64", ValueType::u64},
                                                   {"i64", ValueType::i64},
                                                   {"f32", ValueType::f32},
                                                   {"f64", ValueType::f64},
                                                   {"u8_high", ValueType::u8_high},
                                                   {"u8_low", ValueType::u8_low},
                                                   {"ascii", ValueType::ascii},
                                                   {"hex", ValueType::hex},
                                                   {"utf16", ValueType::utf16},
                                                   {"bcd", ValueType::bcd},
                                                   {"version", ValueType::version}}};

TypeFacts facts_of(ValueType type) {
    for (const auto& row : kFacts) {
        if (row.type == type) return row.facts;
    }
    return {};
}

bool is_text(ValueType type) {
    return facts_of(type).registers == 0;
}
bool is_bit(Table table) {
    return table == Table::coil || table == Table::discrete;
}
bool can_read(const Register& reg) {
    return reg.access != Access::write;
}
bool can_write(const Register& reg) {
    return reg.access != Access::read;
}

std::optional<std::string> misfit(const Register& reg, double value, Rounding rounding) {
    if (is_text(reg.type)) return fmt::format("'{}' is a text, not a number", reg.name);
    if (reg.conversion == Conversion::duty_cycle) return misfit_of_duty_cycle(reg, value);
    if (facts_of(reg.type).bits == 0 || !reg.exponent.empty()) return {};

    const Range range = raw_range(reg);
    const double raw = (value - reg.offset) / reg.scale;
    const double nearest = std::round(raw);
    const bool whole = rounding == Rounding::to_step || same_number(raw, nearest);
    if (whole && nearest >= range.least && nearest <= range.most) return {};

    const double low = range.least * reg.scale + reg.offset;
    const double high = range.most * reg.scale + reg.offset;
    return fmt::format("{:.10g} does not fit '{}', which holds {:.10g} to {:.10g} in steps of {:.10g}", value,
                       reg.name, std::min(low, high), std::max(low, high), std::abs(reg.scale));
}

std::optional<std::string> refused_write(const Register& reg, double value) {
    if (auto why = misfit(reg, value)) return why;
    const auto same = [value](double allowed) { return same_number(allowed, value); };
    if (reg.allowed.empty() || std::any_of(reg.allowed.begin(), reg.allowed.end(), same)) return {};
    return fmt::format("{:.10g} is none of the values that '{}' allows to be written ({:.10g})", value,
                       reg.name, fmt::join(reg.allowed, ", "));
}

std::optional<double> pause_value(const Limit& limit, const Register& reg) {
    if (limit.pause_raw) return *limit.pause_raw * reg.scale + reg.offset;
    return limit.pause_value;
}

}  // namespace busbar::config

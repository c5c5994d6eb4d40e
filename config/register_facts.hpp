// SPDX-License-Identifier: Apache-2.0
// What follows from a register's type: its length, what it holds, whether a number fits.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "config/json_reader.hpp"
#include "config/profile.hpp"

namespace busbar::config {

struct TypeFacts {
    int registers;  ///< 0: a text, as long as its count says
    int bits;       ///< of the integer; 0: no integer
    bool is_signed;
};

extern const std::array<Name<ValueType>, 15> kValueTypes;

TypeFacts facts_of(ValueType type);
bool is_text(ValueType type);
bool is_bit(Table table);
bool can_read(const Register& reg);
bool can_write(const Register& reg);

enum class Rounding { none, to_step };  ///< to_step: the value will be rounded, only its size matters

/// Why `value`, in scaled units, cannot stand in the register; empty when it can. Where an exponent register
/// decides the scale, any number can.
std::optional<std::string> misfit(const Register& reg, double value, Rounding rounding = Rounding::none);

/// Why `value` must not be written: it does not fit, or is none of `allowed`.
std::optional<std::string> refused_write(const Register& reg, double value);

/// What is written into a register of the limit for "no current", in its unit; empty: `enable` pauses.
std::optional<double> pause_value(const Limit& limit, const Register& reg);

}  // namespace busbar::config

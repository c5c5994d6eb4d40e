// SPDX-License-Identifier: Apache-2.0
// Words on the wire to values and back, as a register's entry in the profile says. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "adapters/registers.hpp"
#include "config/profile.hpp"
#include "gateway/base/result.hpp"

namespace busbar::adapters {

/// What a register said.
struct Value {
    std::optional<double> number;     ///< scaled; empty: absent, implausible, NaN, or a text
    std::optional<std::string> text;  ///< of the text types; empty: blank or unprogrammed
    std::uint64_t integer = 0;        ///< before mask and scale: what a manual prints as a code
    SteadyTime taken_at{};            ///< of its oldest word
};

/// `exponent`: what the register's exponent register says, 0 without one; empty while that is not known: then
/// there is no number. Too few words: everything empty.
Value decode(const config::Register& reg, std::span<const std::uint16_t> words,
             std::optional<double> exponent = 0.0);

enum class Rounding { nearest, down };

/// `value` in the register's unit; within a millionth of a step it counts as that step. Bits that are not the
/// register's (mask, the other byte) come as 0. Where the profile lists what is `allowed`, `down` takes the
/// largest of them that is not above `value`.
/// Errors: invalid when the register cannot hold the value, may not be written with it, or is a text; when
/// `exponent` is empty.
Result<Words> encode(const config::Register& reg, double value, Rounding rounding,
                     std::optional<double> exponent = 0.0);

/// The bits that are the register's: those under its mask, its byte, else all; as on the wire.
Words own_bits(const config::Register& reg);

}  // namespace busbar::adapters

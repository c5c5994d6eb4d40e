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
    std::optional<std::string> text;  ///< of ascii, hex and utf16; empty: blank or unprogrammed
    std::uint64_t integer = 0;        ///< before mask and scale: what a manual prints as a code
    SteadyTime taken_at{};            ///< of its oldest word
};

/// Too few words: everything empty.
Value decode(const config::Register& reg, std::span<const std::uint16_t> words);

enum class Rounding { nearest, down };

/// `value` in the register's unit; within a millionth of a step it counts as that step.
/// Errors: invalid when the register cannot hold the value, has a mask, or is a text.
Result<Words> encode(const config::Register& reg, double value, Rounding rounding);

}  // namespace busbar::adapters

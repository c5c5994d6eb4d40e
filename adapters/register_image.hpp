// SPDX-License-Identifier: Apache-2.0
// What a register's words must be so that it says a value, on top of what is known of them. Pure.
#pragma once

#include "adapters/register_codec.hpp"
#include "adapters/register_values.hpp"
#include "config/profile.hpp"
#include "gateway/base/result.hpp"

namespace busbar::adapters {

struct Image {
    /// To be written: the bits beside the register's own as they were read last. Empty: what a masked
    /// register held, or an exponent, was not read yet.
    std::optional<Words> words;
    Words own;  ///< the value alone, other bits 0; empty while the exponent is not known
};

/// Errors: as encode().
Result<Image> image_of(const config::Register& reg, double value, Rounding rounding,
                       const RegisterValues& values);

/// Both say the same value of `reg`. A box may keep a floating point number with fewer digits: there they may
/// differ by `tolerance`, in the register's unit.
bool same_value(const config::Register& reg, const Words& a, const Words& b, double tolerance = 0);

}  // namespace busbar::adapters

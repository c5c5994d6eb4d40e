// SPDX-License-Identifier: Apache-2.0
// Own bits from the value, the others from the last look.
#include "adapters/register_image.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace busbar::adapters {
namespace {

constexpr double precision = 1e-6;  ///< of a float, some units in the last place

Words merged(const Words& own, const Words& mask, const Words& present) {
    auto words = own;
    for (std::size_t i = 0; i < words.size(); ++i) {
        words[i] = static_cast<std::uint16_t>(own[i] | (present[i] & ~mask[i]));
    }
    return words;
}

}  // namespace

Result<Image> image_of(const config::Register& reg, double value, Rounding rounding,
                       const RegisterValues& values) {
    const auto exponent = values.exponent_of(reg);
    if (!exponent) return Image{};
    auto own = encode(reg, value, rounding, exponent);
    if (!own) return own.error();
    Image image{std::nullopt, std::move(*own)};
    const auto present = values.words(values.span_of(reg));
    if (present && present->size() == image.own.size()) {
        image.words = merged(image.own, own_bits(reg), *present);
    } else if (!reg.mask) {
        image.words = image.own;
    }
    return image;
}

bool same_value(const config::Register& reg, const Words& a, const Words& b, double tolerance) {
    const auto mask = own_bits(reg);
    bool same = a.size() == b.size() && a.size() == mask.size();
    for (std::size_t i = 0; same && i < mask.size(); ++i) same = ((a[i] ^ b[i]) & mask[i]) == 0;
    const bool real = reg.type == config::ValueType::f32 || reg.type == config::ValueType::f64;
    if (same || !real) return same;
    const auto one = decode(reg, a).number;
    const auto other = decode(reg, b).number;
    return one && other && std::abs(*one - *other) <= std::max(tolerance, precision * std::abs(*one));
}

}  // namespace busbar::adapters

// SPDX-License-Identifier: Apache-2.0
// A list of reasons against.
#include "adapters/write_guard.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "adapters/register_codec.hpp"

namespace busbar::adapters {
namespace {

bool is_forbidden(const config::ReadLimits& limits, const Span& span) {
    return std::any_of(limits.forbidden.begin(), limits.forbidden.end(),
                       [&](const config::ReadLimits::Addresses& range) {
                           return range.table == span.table && range.first < span.address + span.count &&
                                  span.address <= range.last;
                       });
}

bool is_allowed(const config::Register& reg, const Words& words, std::optional<double> exponent) {
    if (reg.allowed.empty()) return true;
    // Of what is written, not of what a reading may be: sentinels and plausible bounds do not count.
    auto plain = reg;
    plain.absent.clear();
    plain.minimum.reset();
    plain.maximum.reset();
    const auto value = decode(plain, words, exponent).number;
    return value && std::any_of(reg.allowed.begin(), reg.allowed.end(), [&](double entry) {
               return std::abs(entry - *value) <= 1e-6 * std::max(1.0, std::abs(entry));
           });
}

}  // namespace

std::optional<Error> refuse_write(const config::Profile& profile, const config::Register& reg,
                                  const Span& span, const Words& words, std::optional<double> exponent) {
    const auto refuse = [&](std::string_view why) {
        return Error{Errc::invalid, fmt::format("register {} ({}) {}", reg.name, to_text(span), why)};
    };
    const auto known = profile.registers.find(reg.name);
    if (known == profile.registers.end()) return refuse("is none of the profile's");
    if (known->second.access == config::Access::read) return refuse("is read only");
    if (known->second.table != span.table || known->second.count != span.count ||
        words.size() != static_cast<std::size_t>(span.count)) {
        return refuse("is of another size or table");
    }
    if (is_forbidden(profile.read_limits, span)) return refuse("lies at a forbidden address");
    if (!is_allowed(reg, words, exponent)) return refuse("may not have this value");
    return std::nullopt;
}

}  // namespace busbar::adapters

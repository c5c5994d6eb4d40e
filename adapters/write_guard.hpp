// SPDX-License-Identifier: Apache-2.0
// What a profile allows to be written. Pure.
#pragma once

#include <optional>

#include "adapters/registers.hpp"
#include "config/profile.hpp"
#include "gateway/base/result.hpp"

namespace busbar::adapters {

/// Why `words` must not be written to `span`, which is where `reg` of one of the charger's connectors is: the
/// register is read only, the words are not its length, an address is forbidden, or the value is none of
/// those that are allowed. Errc::invalid; empty: they may. `exponent` as for decode().
std::optional<Error> refuse_write(const config::Profile& profile, const config::Register& reg,
                                  const Span& span, const Words& words, std::optional<double> exponent);

}  // namespace busbar::adapters

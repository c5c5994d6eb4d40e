// SPDX-License-Identifier: Apache-2.0
// ISO 8601 as OCPP uses it: we send UTC with Z and milliseconds; we accept fractions and offsets.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/base/time.hpp"

namespace busbar::ocpp {

/// 2026-11-22T14:40:00.000Z
std::string to_iso8601(UtcTime time);

/// Empty where the text is no date and time: "T" (or a blank) between them, seconds optional fraction of any
/// length, Z, +hh:mm, +hhmm, or nothing, which is taken as UTC. Years 1970 to 9999; a leap second counts as
/// the next second.
std::optional<UtcTime> parse_iso8601(std::string_view text);

/// An instant of which UTC may not be known yet; deferred.hpp completes it when it is.
struct Stamp {
    SteadyTime steady;
    std::optional<UtcTime> utc;
};

/// The instant `at`, seen from `now`.
Stamp stamp(SteadyTime at, const Now& now);

/// The stamp's UTC, or what `now` makes of its steady time when it had none.
std::optional<UtcTime> utc_of(const Stamp& stamp, const Now& now);

}  // namespace busbar::ocpp

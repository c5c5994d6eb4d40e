// SPDX-License-Identifier: Apache-2.0
// What the status LED says: from what is known of the gateway to a code, from a code to flashes. Pure.
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "gateway/base/time.hpp"
#include "gateway/status_report.hpp"

namespace busbar::gateway {

/// The more urgent first: of several that hold, the first is shown.
enum class LedCode { factory_reset, set_up, updating, booting, no_link, charger_lost, charging, ready };

/// How a code looks: lit and dark in turn, beginning lit, over and over. One dark time of 0 ms: always lit.
struct LedPattern {
    LedCode code;
    std::string_view name;
    std::string_view looks;  ///< for the table in packaging/README.md, which a test holds against this
    std::array<milliseconds, 6> times;  ///< lit, dark, lit, dark, ...; the rest 0
    bool alarm;                         ///< somebody has to look
};

extern const std::array<LedPattern, 8> led_patterns;
[[nodiscard]] const LedPattern& pattern_of(LedCode code);

/// Whether an LED with that pattern is lit `since` it began.
[[nodiscard]] bool is_lit(const LedPattern& pattern, milliseconds since);

struct LedFacts {
    bool resetting = false;  ///< the button is held for a factory reset, or one has begun
    bool set_up = false;     ///< the access point for set-up is open
    bool updating = false;
    bool booting = false;  ///< no charge point has had the time to connect yet
    std::size_t charge_points = 0;
    std::size_t connected = 0;
    std::size_t lost = 0;  ///< chargers that do not answer
    std::size_t charging = 0;
};

/// Counts links, lost chargers and charging cars.
[[nodiscard]] LedFacts facts_of(const std::vector<ChargePointReport>& charge_points);
[[nodiscard]] LedCode code_of(const LedFacts& facts);

}  // namespace busbar::gateway

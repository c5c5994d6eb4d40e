// SPDX-License-Identifier: Apache-2.0
// What an OpenEVSE controller says about itself, and what that means in the house's words. Pure.
#pragma once

#include <array>
#include <optional>

#include "gateway/base/reading.hpp"

namespace busbar::adapters {

/// Bits of the fourth parameter of GS and AT (ECVF_... in the firmware).
struct OpenEvseFlags {
    static constexpr long limit_sleep = 0x0004;  ///< a time or energy limit set at the box is reached
    static constexpr long auth_locked = 0x0008;
    static constexpr long relay_closed = 0x0040;
    static constexpr long connected = 0x0100;
    static constexpr long boot_locked = 0x4000;
};

/// Everything read from the controller, each value with its time.
struct OpenEvseFacts {
    std::optional<Measured<long>> state;  ///< EVSE_STATE: 1 A, 2 B, 3 C ... 0xFE sleeping, 0xFF disabled
    std::optional<long> flags;            ///< empty: firmware that does not tell
    std::optional<bool> connected;        ///< from G0, for firmware without flags
    std::optional<bool> asleep;           ///< as `state` says, or FS and FE since
    std::optional<Amperes> capacity;      ///< what the pilot offers when it offers
    std::optional<Measured<Amperes>> current;
    std::optional<Measured<Volts>> voltage;
    std::optional<Measured<WattHours>> session;
    std::optional<Measured<WattHours>> total;  ///< with the session under way
    std::optional<Celsius> temperature;
    /// How often it tripped, ever: ground fault, no ground, stuck relay.
    std::array<std::optional<long>, 3> trips;

    [[nodiscard]] bool has(long flag) const { return flags && (*flags & flag) != 0; }
    /// Offers nothing: asleep or disabled.
    [[nodiscard]] bool resting() const { return state && (state->value == 0xFE || state->value == 0xFF); }
    [[nodiscard]] bool unplugged() const;
};

/// The controller measures the one phase that it switches: L1.
Reading reading_of(const OpenEvseFacts& facts);

}  // namespace busbar::adapters

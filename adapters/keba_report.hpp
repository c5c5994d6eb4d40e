// SPDX-License-Identifier: Apache-2.0
// What a KEBA P20/P30 says over UDP: reports and fragments of them in JSON, and short acknowledgements. Pure.
// Source: the programs in the field that speak KEBA's UDP interface; KEBA's Modbus guide V1.07 for meanings.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/base/reading.hpp"

namespace busbar::adapters {

/// Everything said so far, in the box's own units, each number with the time it was said.
struct KebaValues {
    using Number = std::optional<Measured<double>>;
    Number state;  ///< 0 starting, 1 not ready, 2 ready, 3 charging, 4 error, 5 interrupted
    Number plug;   ///< bit 0 cable in the station, 1 locked, 2 in the car
    Number error1;
    Number error2;
    Number auth_on;        ///< 1: the box wants cards
    Number auth_required;  ///< 1: it waits for one
    Number enable_user;
    Number offered_ma;   ///< to the car, now
    Number hardware_ma;  ///< the most this box can
    Number user_ma;      ///< as `curr` set it
    std::array<Number, 3> voltage_v;
    std::array<Number, 3> current_ma;
    Number power_mw;
    Number session_energy;  ///< 0.1 Wh
    Number total_energy;    ///< 0.1 Wh
    Number ended;           ///< of the session that the card belongs to; 0: it runs
    std::string serial;
    std::string firmware;
    std::string card;  ///< hex digits; all 0: none
};

/// The tag of sessions that we allow ourselves: "BUSBAR" and zeros. No card has it.
inline constexpr std::string_view keba_own_card = "4255534241520000";

/// The number of the report that `message` is; empty: it is none, or a fragment.
std::optional<int> keba_report_number(std::string_view message);

/// Takes over what a report or fragment says. False: `message` is no JSON object.
bool merge_keba(KebaValues& values, std::string_view message, SteadyTime now);

/// "TCH-OK :done" and "TCH-ERR ...".
bool is_keba_acknowledgement(std::string_view message);
bool is_keba_consent(std::string_view message);

/// A car is plugged in; a box that has not said is taken at its state.
bool keba_has_car(const KebaValues& values);

/// Needs `values.state`.
Reading keba_reading(const KebaValues& values);

}  // namespace busbar::adapters

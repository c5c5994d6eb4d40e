// SPDX-License-Identifier: Apache-2.0
// The lines of ABL-Sursum's first EVCC and what its numbers mean. Pure.
// Source: EVCC manual 03 0009 01, p. 13; the numbers from 12 on, and status 12, from programs in the field.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/base/reading.hpp"

namespace busbar::adapters {

enum class Evcc1Command {
    reset = 0,  ///< with the parameter 1111
    firmware = 1,
    status = 2,
    present_duty = 11,
    set_duty = 12,
    default_duty = 26,  ///< stored; an installer's upper limit
    set_break = 27,     ///< the break flag: on, no car is charged
    clear_break = 28,
    break_flag = 29,
    pilot_off = 30,  ///< state A': the car sees an unplugged charger
    pilot_on = 31,
};

/// "!n CC" or "!n CC xxxx", with CR LF. `address` is 1 to 8.
std::string evcc1_request(int address, Evcc1Command command, std::optional<int> parameter = {});

/// ">n CC" or ">n CC value".
struct Evcc1Reply {
    int address = 0;
    int command = 0;
    std::string value;  ///< "" : none
    friend bool operator==(const Evcc1Reply&, const Evcc1Reply&) = default;
};

/// `line` has no line end; what stands before its last '>' is noise and dropped. Empty: no reply.
std::optional<Evcc1Reply> parse_evcc1_reply(std::string_view line);

/// The decimal number of a reply.
std::optional<int> evcc1_number(std::string_view value);

/// Written as duty cycle: no charging.
constexpr int evcc1_not_allowed = 999;

/// 0.1 % of duty cycle and A per phase (IEC 61851-1 table A.8): 0.06 A each up to 85 %, (% - 64) * 2.5 A up
/// to 97 %, else 0 A. Rounded down: a current between 51 and 52.75 A becomes 51 A.
Amperes evcc1_current(int duty);
int evcc1_duty(Amperes current);

/// What a status number says.
struct Evcc1Status {
    CpState state = CpState::unknown;
    bool locked_out = false;
    std::optional<Fault> fault;
};
Evcc1Status evcc1_status(int number);

}  // namespace busbar::adapters

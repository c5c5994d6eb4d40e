// SPDX-License-Identifier: Apache-2.0
// The controller's states as a table.
#include "adapters/openevse_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace busbar::adapters {
namespace {

struct FaultState {
    long state;
    CpState pilot;
    FaultCode code;
    std::string_view text;
    std::optional<std::size_t> counter;  ///< of its trips, in GF
};

constexpr std::array<FaultState, 8> fault_states{{
    {0x05, CpState::E, FaultCode::EVCommunicationError, "diode check failed", std::nullopt},
    {0x06, CpState::F, FaultCode::GroundFailure, "ground fault (GFCI) tripped", 0},
    {0x07, CpState::F, FaultCode::GroundFailure, "no ground", 1},
    {0x08, CpState::F, FaultCode::PowerSwitchFailure, "stuck relay", 2},
    {0x09, CpState::F, FaultCode::InternalError, "GFI self-test failed", std::nullopt},
    {0x0A, CpState::F, FaultCode::HighTemperature, "over temperature", std::nullopt},
    {0x0B, CpState::F, FaultCode::OverCurrentFailure, "over current", std::nullopt},
    {0x0E, CpState::F, FaultCode::PowerSwitchFailure, "the relay did not close", std::nullopt},
}};

void judge_resting(Reading& reading, const OpenEvseFacts& facts) {
    reading.state = facts.unplugged() ? CpState::A : CpState::B1;
    reading.finished = facts.has(OpenEvseFlags::limit_sleep) && reading.state == CpState::B1;
}

void judge_plugged(Reading& reading, const OpenEvseFacts& facts) {
    reading.auth_wait = facts.has(OpenEvseFlags::auth_locked);
    reading.state = reading.auth_wait ? CpState::B1 : CpState::B2;
}

void judge(Reading& reading, const OpenEvseFacts& facts) {
    const auto state = facts.state->value;
    if (facts.resting()) return judge_resting(reading, facts);
    if (state == 1) reading.state = CpState::A;
    if (state == 2) judge_plugged(reading, facts);
    if (state == 3) {
        const bool open = facts.flags && !facts.has(OpenEvseFlags::relay_closed);
        reading.state = open ? CpState::C1 : CpState::C2;
    }
    if (state == 4) reading.state = CpState::D;
    const auto* fault = std::find_if(fault_states.begin(), fault_states.end(),
                                     [&](const FaultState& each) { return each.state == state; });
    if (fault == fault_states.end()) return;
    reading.state = fault->pilot;
    std::string text(fault->text);
    const auto trips = fault->counter ? facts.trips.at(*fault->counter) : std::nullopt;
    if (trips) text += fmt::format(", tripped {} times in all", *trips);
    reading.fault = Fault{fault->code, fmt::format("{:02X}", state), std::move(text)};
}

}  // namespace

bool OpenEvseFacts::unplugged() const {
    if (state && state->value == 1) return true;
    if (!resting()) return false;
    return flags ? !has(OpenEvseFlags::connected) : !connected.value_or(false);
}

Reading reading_of(const OpenEvseFacts& facts) {
    Reading reading;
    if (facts.state) {
        reading.taken_at = facts.state->taken_at;
        judge(reading, facts);
    }
    reading.current[0] = facts.current;
    reading.voltage[0] = facts.voltage;
    reading.energy_session = facts.session;
    reading.energy_import = facts.total;
    reading.temperature = facts.temperature;
    if (facts.capacity) reading.offered = facts.resting() ? Amperes(0) : *facts.capacity;
    return reading;
}

}  // namespace busbar::adapters

// SPDX-License-Identifier: Apache-2.0
// Lines, duty cycles and the table of statuses.
#include "adapters/evcc1_frame.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace busbar::adapters {
namespace {

/// A duty missed by less than this fraction is the rounding of a division, not a smaller current.
constexpr double slack = 1e-6;
constexpr int least_duty = 80;  // cars take 8 to 10 % as 6 A, and 96 to 97 % as 80 A
constexpr int duty_of_least_current = 100;
constexpr int last_proportional = 850;
constexpr int most_duty = 970;
constexpr Amperes highest{80};

std::string_view take_word(std::string_view& text) {
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    const auto word = text.substr(0, text.find(' '));
    text.remove_prefix(word.size());
    return word;
}

struct StatusEntry {
    int number;
    CpState state;
    std::optional<FaultCode> fault;
    std::string_view text;
};

}  // namespace

std::string evcc1_request(int address, Evcc1Command command, std::optional<int> parameter) {
    const int number = static_cast<int>(command);
    if (parameter) return fmt::format("!{} {:02} {:04}\r\n", address, number, *parameter);
    return fmt::format("!{} {:02}\r\n", address, number);
}

std::optional<Evcc1Reply> parse_evcc1_reply(std::string_view line) {
    const auto start = line.rfind('>');
    if (start == std::string_view::npos) return std::nullopt;
    auto rest = line.substr(start + 1);
    const auto address = evcc1_number(take_word(rest));
    const auto command = evcc1_number(take_word(rest));
    if (!address || !command) return std::nullopt;
    return Evcc1Reply{*address, *command, std::string(take_word(rest))};
}

std::optional<int> evcc1_number(std::string_view value) {
    int number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error != std::errc{} || end != value.data() + value.size() || number < 0) return std::nullopt;
    return number;
}

Amperes evcc1_current(int duty) {
    if (duty < least_duty || duty > most_duty) return Amperes(0);
    if (duty <= last_proportional) return Amperes(std::max(duty, duty_of_least_current) * 6 / 100.0);
    return std::min(Amperes((duty / 10.0 - 64) * 2.5), highest);
}

int evcc1_duty(Amperes current) {
    const double high = (std::min(current, highest).value() / 2.5 + 64) * 10 + slack;
    if (high >= last_proportional + 1) return static_cast<int>(high);
    return std::min(static_cast<int>(current.value() / 0.06 + slack), last_proportional);
}

Evcc1Status evcc1_status(int number) {
    static constexpr std::array<StatusEntry, 12> table{{
        {0, CpState::A, {}, {}},
        {17, CpState::A, {}, {}},   // A': the pilot is switched off
        {9, CpState::B1, {}, {}},   // B': the car ended charging
        {12, CpState::B1, {}, {}},  // halted by the break flag
        {13, CpState::B1, {}, {}},
        {4, CpState::B2, {}, {}},
        {5, CpState::C2, {}, {}},
        {6, CpState::D, {}, {}},
        {33, CpState::F, FaultCode::OtherError, "cable coding"},
        {35, CpState::F, FaultCode::EVCommunicationError, "vehicle"},
        {37, CpState::F, FaultCode::ConnectorLockFailure, "connector lock"},
        {39, CpState::F, FaultCode::OtherError, "ventilation"},
    }};
    constexpr int manual = 255;
    if (number == manual) return {CpState::unknown, true, {}};
    const auto* found =
        std::find_if(table.begin(), table.end(), [&](const auto& entry) { return entry.number == number; });
    if (found == table.end()) return {};
    Evcc1Status status{found->state, false, {}};
    if (found->fault) {
        status.fault = Fault{*found->fault, fmt::format("{:04}", number), std::string(found->text)};
    }
    return status;
}

}  // namespace busbar::adapters

// SPDX-License-Identifier: Apache-2.0
// ABL eMH1: its states, its registers, and its silences.
#include "adapters/sim/abl_box.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "adapters/sim/ascii_frame.hpp"
#include "adapters/sim/car_keys.hpp"
#include "adapters/sim/pilot.hpp"

namespace busbar::sim {

namespace {

constexpr std::uint8_t read_function = 0x03;
constexpr std::uint8_t write_function = 0x10;
constexpr std::uint8_t rejected_function = 0x90;
constexpr std::uint8_t rejected_code = 0x04;
constexpr int no_current = 1000;
constexpr int least_icmax = 0x50;
constexpr std::uint16_t not_available = 0x03E8;
constexpr auto dark_after_power_on = 2s;
constexpr double derated_a = 6;

struct NamedFault {
    std::string_view name;
    std::uint8_t state;
};
constexpr std::array faults{NamedFault{"C3", 0xC3}, NamedFault{"C4", 0xC4}, NamedFault{"E1", 0xE1},
                            NamedFault{"E3", 0xE3}, NamedFault{"F1", 0xF1}, NamedFault{"F2", 0xF2},
                            NamedFault{"F3", 0xF3}, NamedFault{"F5", 0xF5}, NamedFault{"F6", 0xF6},
                            NamedFault{"F7", 0xF7}, NamedFault{"F8", 0xF8}, NamedFault{"F9", 0xF9},
                            NamedFault{"FA", 0xFA}, NamedFault{"FB", 0xFB}};

/// C3 and C4 go on charging with less.
bool is_derating(std::uint8_t fault) {
    return fault == 0xC3 || fault == 0xC4;
}

Bytes rejection() {
    return {rejected_function, rejected_code};
}

}  // namespace

AblBox::AblBox(const AblOptions& options, const BoxSetup& setup)
    : Box(setup.start),
      options_(options),
      unit_(setup.unit),
      outlet_(options.car, setup.speed),
      writes_(setup.start),
      icmax_(pilot_permille(options.default_a)),
      last_heard_(setup.start),
      powered_at_(setup.start) {}

/// False: asleep, or not up yet.
bool AblBox::hear() {
    if (now() < powered_at_) {
        return false;
    }
    const bool awake = options_.sleeps_after == 0s || now() - last_heard_ < options_.sleeps_after;
    last_heard_ = now();
    return awake;
}

std::optional<Bytes> AblBox::exchange(const Bytes& request) {
    if (!hear() || request.size() < 5) {
        ++unanswered_;
        return std::nullopt;
    }
    const std::uint16_t address = word_at(request, 1);
    const std::uint16_t count = word_at(request, 3);
    if (request[0] == read_function && request.size() == 5) {
        const Bytes data = content(address, count);
        if (!data.empty()) {
            Bytes answer{read_function, static_cast<std::uint8_t>(2 * count),
                         static_cast<std::uint8_t>(address & 0xFF)};
            answer.insert(answer.end(), data.begin(), data.end());
            return answer;
        }
    }
    const bool one_register = request.size() == 8 && count == 1 && request[5] == 2;
    const bool writable = address == 0x05 || address == 0x14 || address == 0x2C;
    if (request[0] == write_function && one_register && writable) {
        if (!write(address, word_at(request, 6))) {
            return rejection();
        }
        return Bytes(request.begin(), request.begin() + 5);
    }
    ++unanswered_;
    return std::nullopt;
}

Bytes AblBox::content(std::uint16_t address, std::uint16_t count) const {
    if (address == 0x01 && count == 2) {
        return device_info();
    }
    if (address == 0x03 && count == 1) {
        return {0x27};  // even parity, 38400 baud
    }
    if (address == 0x04 && count == 1) {
        return {state()};
    }
    if (address == 0x06 && count == 2) {
        return {0, static_cast<std::uint8_t>(timed_out() ? 0x02 : 0x00), 0};
    }
    if (address == 0x0F && count == 5) {
        const auto icmax = static_cast<std::uint16_t>(icmax_);
        Bytes data{0x3F};
        for (const std::uint16_t word : {std::uint16_t{0x0215}, std::uint16_t{0x0215}, icmax,
                                         std::uint16_t{0x0215}}) {  // field: word 3 is Icmax
            append_word(data, word);
        }
        return data;
    }
    if (address == 0x2E && count == 5) {
        return current_full();
    }
    if (address == 0x50 && count == 8) {
        Bytes data{0x00};
        const std::string text = fmt::format("{:<14.14}", options_.serial);
        data.insert(data.end(), text.begin(), text.end());
        return data;
    }
    return {};
}

Bytes AblBox::device_info() const {
    const unsigned flags = (options_.upstream_timeout > 0s ? 0x40U : 0U) | (options_.has_meter ? 0x20U : 0U) |
                           0x10U | 0x04U | 0x02U;
    return {static_cast<std::uint8_t>(0x40 | unit_), 0x15, static_cast<std::uint8_t>(flags)};  // version 1.5
}

Bytes AblBox::current_full() const {
    const bool derated = is_derating(fault_);
    const int duty = offer() > 0 ? pilot_permille(offer()) : no_current;
    const unsigned word = (outlet_.car().plugged() ? 0x8000U : 0U) | (derated ? 0x4000U : 0U) | 0x1000U |
                          static_cast<unsigned>(duty);
    Bytes data{state()};
    append_word(data, static_cast<std::uint16_t>(word));
    const auto amps = outlet_.amps();
    // Field: the three words are in the reverse order of the phases.
    for (const double phase : {amps[2], amps[1], amps[0]}) {
        const bool measured = options_.has_meter && outlet_.car().asks();
        append_word(data, measured ? static_cast<std::uint16_t>(std::lround(phase * 10)) : not_available);
    }
    return data;
}

bool AblBox::write(std::uint16_t address, std::uint16_t value) {
    const bool accepted = (address == 0x05 && modify_state(value)) ||
                          (address == 0x14 && value >= least_icmax && value <= no_current) ||
                          (address == 0x2C && mode_ == E2);
    if (!accepted) {
        return false;
    }
    if (address == 0x14) {
        icmax_ = value;
    }
    writes_.add(now(), fmt::format("{}", address), value);
    return true;
}

bool AblBox::modify_state(std::uint16_t value) {
    switch (value) {
        case 0x5A5A:
            power_cycle();
            return true;
        case 0xE0E0:
            mode_ = E0;
            car().wake();  // the pilot is off
            return true;
        case 0xA1A1:
            if (mode_ == 0) {
                return false;
            }
            mode_ = 0;
            return true;
        case 0xE2E2:
            if (state() != A1 && mode_ != E0) {
                return false;
            }
            mode_ = E2;
            return true;
        case 0xF1F1:
            fault_ = 0xF1;
            return true;
        default:
            return value == 0x3838;
    }
}

Result<void> AblBox::fault(std::string_view name) {
    std::string known;
    for (const NamedFault& each : faults) {
        if (each.name == name) {
            fault_ = each.state;
            return {};
        }
        known += fmt::format("{}{}", known.empty() ? "" : ", ", each.name);
    }
    return Error{Errc::invalid, fmt::format("unknown fault '{}'; known: {}", name, known)};
}

void AblBox::power_cycle() {
    icmax_ = pilot_permille(options_.default_a);
    mode_ = 0;
    powered_at_ = now() + dark_after_power_on;
    last_heard_ = powered_at_;
    outlet_.cut();
}

bool AblBox::timed_out() const {
    return options_.upstream_timeout > 0s && now() - last_heard_ >= options_.upstream_timeout;
}

double AblBox::offer() const {
    const bool faulty = (fault_ != 0 && !is_derating(fault_)) || timed_out();
    if (faulty || mode_ != 0 || now() < powered_at_) {
        return 0;
    }
    const double limit = pilot_amps(icmax_);
    return is_derating(fault_) ? std::min(limit, derated_a) : limit;
}

std::uint8_t AblBox::state() const {
    if (timed_out()) {
        return F4;
    }
    if (fault_ != 0 && !is_derating(fault_)) {
        return fault_;
    }
    if (mode_ != 0) {
        return mode_;
    }
    if (!outlet_.car().plugged()) {
        return A1;
    }
    if (offer() <= 0) {
        return B1;
    }
    if (!outlet_.car().asks()) {
        return B2;
    }
    return fault_ != 0 ? fault_ : static_cast<std::uint8_t>(C2);
}

void AblBox::step(SteadyTime::duration length) {
    if (offer() <= 0 && fault_ != 0) {
        outlet_.cut();
    }
    outlet_.offer(offer(), 3);
    outlet_.advance(length);
}

nlohmann::json AblBox::show() const {
    return {
        {"state", state()},
        {"state_name", fmt::format("{:02X}", state())},
        {"plugged", outlet_.car().plugged()},
        {"asleep", outlet_.car().asleep()},
        {"battery_wh", outlet_.car().battery_wh()},
        {"icmax", icmax_},
        {"limit_a", pilot_amps(icmax_)},
        {"offer_a", offer()},
        {"amps", outlet_.amps()},
        {"power_w", outlet_.volt_amperes()},
        {"energy_wh", outlet_.metered_wh()},
        {"writes", writes_.count()},
        {"unanswered", unanswered_},
    };
}

nlohmann::json AblBox::writes() const {
    return writes_.json();
}

constinit const Protocol abl_protocol{
    "ABL", []() -> std::unique_ptr<Framing> { return std::make_unique<AsciiFraming>('>', 50ms); }, nullptr};

constinit const Model abl_evcc2_model{
    "abl-evcc2", "ABL eMH1 with EVCC2/3, 16 A, three phases, Modbus ASCII with '>'", &abl_protocol,
    [](KeyValues& keys, const BoxSetup& setup) -> std::unique_ptr<Box> {
        AblOptions options;
        options.car = car_options(keys);
        options.default_a = int(keys.number("default_a", 16, 6, 51));
        options.has_meter = keys.flag("meter", true);
        options.upstream_timeout = seconds(keys.number("upstream_timeout_s", 0, 0, 86'400));
        options.sleeps_after = seconds(keys.number("sleeps_after_s", 10, 0, 86'400));
        options.serial = keys.text("serial", fmt::format("1W2208{:04}", setup.unit));
        options.timing.answers_after = milliseconds(keys.number("answers_after_ms", 10, 0, 5'000));
        return std::make_unique<AblBox>(options, setup);
    }};

}  // namespace busbar::sim

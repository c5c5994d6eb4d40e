// SPDX-License-Identifier: Apache-2.0
// Amperfied connect.home / connect.business / solar.
#include "adapters/sim/amperfied_box.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace busbar::sim {

namespace {

constexpr std::uint16_t phase_switch_control = 501;  // holding, 1 or 3
constexpr std::uint16_t phase_switch_state = 5001;   // input, 0 while it changes
constexpr std::uint16_t first_uid_register = 2002;   // input, two bytes a register, zero filled
constexpr std::uint16_t last_uid_register = 2007;
constexpr std::size_t longest_uid = 12;

}  // namespace

AmperfiedBox::AmperfiedBox(const HeidelbergOptions& options, seconds phase_switch, const BoxSetup& setup)
    : HeidelbergBox(options, setup), phase_switch_(phase_switch), switched_at_(setup.start) {}

Result<void> AmperfiedBox::card(const Bytes& uid) {
    if (uid.size() > longest_uid) {
        return Error{Errc::invalid, fmt::format("a card's UID has at most {} bytes", longest_uid)};
    }
    uid_ = uid;
    return {};
}

void AmperfiedBox::power_cycle() {
    HeidelbergBox::power_cycle();
    phases_ = 3;
    switched_at_ = now();
    uid_.clear();
}

nlohmann::json AmperfiedBox::show() const {
    nlohmann::json shown = HeidelbergBox::show();
    std::string hex;
    for (const std::uint8_t byte : uid_) {
        hex += fmt::format("{:02X}", byte);
    }
    shown["card"] = hex;
    shown["phases"] = switched_phases();
    return shown;
}

std::optional<std::uint16_t> AmperfiedBox::read(Space space, std::uint16_t address) const {
    if (space == Space::holding && address == phase_switch_control) {
        return static_cast<std::uint16_t>(phases_);
    }
    if (space == Space::input && address == phase_switch_state) {
        return static_cast<std::uint16_t>(switched_phases());
    }
    if (space == Space::input && address >= first_uid_register && address <= last_uid_register) {
        Bytes padded = uid_;
        padded.resize(longest_uid);
        return word_at(padded, 2U * (address - first_uid_register));
    }
    return HeidelbergBox::read(space, address);
}

std::optional<ModbusException> AmperfiedBox::refuses(std::uint16_t address, std::uint16_t value) const {
    if (address != phase_switch_control) {
        return HeidelbergBox::refuses(address, value);
    }
    if (value != 1 && value != 3) {
        return ModbusException::illegal_value;
    }
    return std::nullopt;
}

void AmperfiedBox::store(std::uint16_t address, std::uint16_t value) {
    if (address != phase_switch_control) {
        HeidelbergBox::store(address, value);
    } else if (phases_ != value) {
        phases_ = value;
        switched_at_ = now() + phase_switch_;
    }
}

void AmperfiedBox::step(SteadyTime::duration length) {
    HeidelbergBox::step(length);
    if (car_was_plugged_ && !car().plugged()) {
        uid_.clear();
    }
    car_was_plugged_ = car().plugged();
}

constinit const Model amperfied_model{
    "amperfied", "Amperfied connect.home: heidelberg with card reader and phase switch", &modbus_protocol,
    [](KeyValues& keys, const BoxSetup& setup) -> std::unique_ptr<Box> {
        const HeidelbergOptions options = heidelberg_options(keys, setup, Timing{});
        const seconds phase_switch(keys.number("phase_switch_s", 5, 0, 300));
        return std::make_unique<AmperfiedBox>(options, phase_switch, setup);
    }};

}  // namespace busbar::sim

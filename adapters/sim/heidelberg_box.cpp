// SPDX-License-Identifier: Apache-2.0
// Heidelberg Energy Control: its states, its watchdog and standby. Registers: heidelberg_registers.cpp.
#include "adapters/sim/heidelberg_box.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace busbar::sim {

namespace {

constexpr auto dark_after_power_on = 3s;
constexpr double derated_a = 10;
constexpr Timing heidelberg_timing{10ms, 100ms, 20ms};  // field: evcc #15437, wbec

}  // namespace

HeidelbergBox::HeidelbergBox(const HeidelbergOptions& options, const BoxSetup& setup)
    : ModbusBox(setup.start),
      options_(options),
      outlet_(options.car, setup.speed),
      metered_at_power_on_wh_(-options.energy_since_power_on_wh),
      last_heard_(setup.start),
      idle_since_(setup.start),
      powered_at_(setup.start),
      unavailable_until_(setup.start) {}

Result<void> HeidelbergBox::fault(std::string_view name) {
    struct Named {
        std::string_view name;
        State state;
    };
    static constexpr std::array faults{Named{"E", State::E}, Named{"F", State::F}, Named{"ERR", State::ERR},
                                       Named{"overtemperature", State::derating}};
    for (const Named& known : faults) {
        if (known.name == name) {
            fault_ = known.state;
            return {};
        }
    }
    return Error{Errc::invalid, fmt::format("unknown fault '{}'; known: E, F, ERR, overtemperature", name)};
}

void HeidelbergBox::clear_fault() {
    fault_.reset();
}

Result<void> HeidelbergBox::lock(bool locked) {
    options_.externally_locked = locked;
    if (!locked) {
        car().wake();
    }
    return {};
}

void HeidelbergBox::power_cycle() {
    settings_ = Settings{};
    standby_ = false;
    powered_at_ = now() + dark_after_power_on;
    last_heard_ = powered_at_;
    idle_since_ = powered_at_;
    unavailable_until_ = powered_at_;
    metered_at_power_on_wh_ = outlet_.metered_wh();
    outlet_.cut();
}

bool HeidelbergBox::hear() {
    if (now() < powered_at_) {
        return false;
    }
    last_heard_ = now();
    const bool awake = !standby_;
    if (standby_) {
        standby_ = false;
        idle_since_ = now();
    }
    return awake;
}

void HeidelbergBox::step(SteadyTime::duration length) {
    if (failed_safe_to_error()) {
        unavailable_until_ = std::max(unavailable_until_, watchdog_expires_at() + pilot_f_lasts);
        car().wake();
    }
    if (fault_ && *fault_ != State::derating) {
        outlet_.cut();
    }
    outlet_.offer(offer(), switched_phases());
    outlet_.advance(length);
    if (car().plugged() || settings_.standby != 0) {
        idle_since_ = now();
    }
    standby_ = now() - idle_since_ >= options_.standby_after;
}

SteadyTime HeidelbergBox::watchdog_expires_at() const {
    return settings_.watchdog_ms == 0 ? SteadyTime::max() : last_heard_ + milliseconds(settings_.watchdog_ms);
}

bool HeidelbergBox::failed_safe_to_error() const {
    return options_.failsafe_zero_is_error && settings_.failsafe_current == 0 && watchdog_expired();
}

bool HeidelbergBox::unavailable() const {
    return options_.externally_locked || settings_.remote_unlocked == 0 || now() < unavailable_until_ ||
           failed_safe_to_error();
}

double HeidelbergBox::limit_in_force() const {
    return (watchdog_expired() ? settings_.failsafe_current : settings_.current_command) / 10.0;
}

double HeidelbergBox::offer() const {
    const bool derated = fault_ == State::derating;
    const bool faulty = fault_ && !derated;
    const double limit = limit_in_force();
    if (faulty || unavailable() || now() < powered_at_ || switched_phases() == 0 ||
        limit < options_.hardware_min_a) {
        return 0;
    }
    return std::min({limit, double(options_.hardware_max_a), derated ? derated_a : limit});
}

HeidelbergBox::State HeidelbergBox::state() const {
    if (fault_ && *fault_ != State::derating) {
        return *fault_;
    }
    if (unavailable()) {
        return State::F;
    }
    const bool offers = offer() > 0;
    const Car& car = outlet_.car();
    if (!car.plugged()) {
        return offers ? State::A2 : State::A1;
    }
    if (!car.asks()) {
        return offers ? State::B2 : State::B1;
    }
    if (!offers) {
        return State::C1;
    }
    return fault_.value_or(State::C2);
}

nlohmann::json HeidelbergBox::show() const {
    static constexpr std::array names{"A1", "A2", "B1", "B2", "C1", "C2", "derating", "E", "F", "ERR"};
    const auto state_number = static_cast<std::uint16_t>(state());
    return {
        {"state", state_number},
        {"state_name", names.at(state_number - 2U)},
        {"plugged", outlet_.car().plugged()},
        {"asleep", outlet_.car().asleep()},
        {"battery_wh", outlet_.car().battery_wh()},
        {"current_set_a", settings_.current_command / 10.0},
        {"failsafe_a", settings_.failsafe_current / 10.0},
        {"limit_a", limit_in_force()},
        {"offer_a", offer()},
        {"amps", outlet_.amps()},
        {"power_w", outlet_.volt_amperes()},
        {"energy_wh", lifetime_wh()},
        {"standby", standby_},
        {"standby_disabled", settings_.standby != 0},
        {"watchdog_ms", settings_.watchdog_ms},
        {"watchdog_expired", watchdog_expired()},
        {"locked", options_.externally_locked || settings_.remote_unlocked == 0},
        {"writes", write_count()},
        {"exceptions", exception_count()},
    };
}

HeidelbergOptions heidelberg_options(KeyValues& keys, const BoxSetup& setup, const Timing& timing) {
    const auto duration = [&keys](std::string_view key, milliseconds otherwise) {
        return milliseconds(keys.number(key, otherwise.count(), 0, 5'000));
    };
    HeidelbergOptions options;
    options.layout = static_cast<std::uint16_t>(keys.number("layout", options.layout, 0x0100, 0x0FFF));
    options.energy_wh = double(keys.number("energy_wh", 1'234'567, 0, 0xFFFF'FFFF));
    options.energy_since_power_on_wh = double(keys.number("energy_since_power_on_wh", 0, 0, 0xFFFF'FFFF));
    options.car.plugged = keys.flag("plugged", false);
    options.car.battery_wh = double(keys.number("battery_wh", 20'000, 0, 1'000'000));
    options.car.max_a = double(keys.number("car_max_a", 16, 6, 80));
    options.car.phases = keys.number("phases", 3, 1, 3) == 1 ? 1 : 3;
    options.externally_locked = keys.flag("locked", false);
    options.hardware_max_a = int(keys.number("hardware_max_a", 16, 6, 16));
    options.hardware_min_a = int(keys.number("hardware_min_a", 6, 6, 16));
    options.longest_read = int(keys.number("longest_read", options.longest_read, 1, 125));
    options.standby_after = seconds(keys.number("standby_after_s", 780, 1, 86'400));
    options.failsafe_zero_is_error = keys.flag("failsafe_zero_is_error", false);
    options.logistics = keys.text("logistics", fmt::format("00.779.2951 2023-04-12 SIM{:04}", setup.unit));
    options.timing.answers_after = duration("answers_after_ms", timing.answers_after);
    options.timing.wants_gap = duration("wants_gap_ms", timing.wants_gap);
    options.timing.ignores_below = duration("ignores_below_ms", timing.ignores_below);
    return options;
}

constinit const Model heidelberg_model{
    "heidelberg", "Heidelberg Energy Control, 16 A, three phases", &modbus_protocol,
    [](KeyValues& keys, const BoxSetup& setup) -> std::unique_ptr<Box> {
        return std::make_unique<HeidelbergBox>(heidelberg_options(keys, setup, heidelberg_timing), setup);
    }};

}  // namespace busbar::sim

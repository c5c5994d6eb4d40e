// SPDX-License-Identifier: Apache-2.0
// OpenEVSE: its states, its heartbeat supervision, what it says by itself. Commands: openevse_commands.cpp.
#include "adapters/sim/openevse_box.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "adapters/sim/car_keys.hpp"
#include "adapters/sim/rapi_frame.hpp"

namespace busbar::sim {

namespace {

constexpr auto boot_takes = 2s;
constexpr int smallest_a = 6;
constexpr int sleeping = 0xFE;
constexpr int disabled = 0xFF;

struct Named {
    std::string_view name;
    int state;
};
constexpr std::array faults{
    Named{"diode", 0x05},        Named{"gfci", 0x06},          Named{"no_ground", 0x07},
    Named{"stuck_relay", 0x08},  Named{"self_test", 0x09},     Named{"over_temperature", 0x0A},
    Named{"over_current", 0x0B}, Named{"relay_closure", 0x0E}, Named{"vent", 0x04}};

}  // namespace

OpenEvseBox::OpenEvseBox(const OpenEvseOptions& options, const BoxSetup& setup)
    : Box(setup.start),
      options_(options),
      outlet_(options.car, setup.speed),
      writes_(setup.start),
      ready_at_(setup.start) {
    boot();
    ready_at_ = setup.start;
    booted_ = true;
}

/// Everything volatile is as after power-on.
void OpenEvseBox::boot() {
    outlet_.cut();
    set_a_ = options_.stored_a;
    millivolts_ = 240'000;
    asleep_ = disabled_ = lock_manual_ = auth_locked_ = false;
    boot_locked_ = options_.boot_lock;
    heartbeat_.trigger = 0;
    ready_at_ = now() + boot_takes;
    heartbeat_.last_pulse = ready_at_;
    booted_ = false;
    notifications_.clear();
}

void OpenEvseBox::power_cycle() {
    boot();
}

Result<void> OpenEvseBox::fault(std::string_view name) {
    const auto* found =
        std::find_if(faults.begin(), faults.end(), [name](const Named& each) { return each.name == name; });
    if (found == faults.end()) {
        std::string known;
        for (const Named& each : faults) {
            known += fmt::format("{}{}", known.empty() ? "" : ", ", each.name);
        }
        return Error{Errc::invalid, fmt::format("unknown fault '{}'; known: {}", name, known)};
    }
    fault_ = found->state;
    outlet_.cut();
    return {};
}

Result<void> OpenEvseBox::lock(bool locked) {
    auth_locked_ = locked;
    return {};
}

void OpenEvseBox::step(SteadyTime::duration length) {
    if (!booted_ && now() >= ready_at_) {
        booted_ = true;
        say(fmt::format("AB {:02x} {}", fault_, options_.firmware));
    }
    if (heartbeat_.interval_s > 0 && now() - heartbeat_.last_pulse > seconds(heartbeat_.interval_s)) {
        heartbeat_.trigger = 2;
    }
    if (car().plugged() && !plugged_before_) {
        session_from_wh_ = outlet_.metered_wh();
    } else if (!car().plugged() && plugged_before_) {
        session_wh_ = outlet_.metered_wh() - session_from_wh_;
        added_wh_ += session_wh_;
    }
    plugged_before_ = car().plugged();
    lock_closed_ = lock_manual_ ? lock_closed_ : car().plugged();
    outlet_.offer(offer(), 1);
    outlet_.advance(length);
    const int now_is = pilot_state();
    if (now_is != last_car_state_ && options_.pp_auto) {
        set_a_ = options_.hardware_max_a;
    }
    last_car_state_ = now_is;
    if (booted_) {
        say_state();
    }
}

int OpenEvseBox::capacity() const {
    return heartbeat_.trigger == 2 ? std::min(set_a_, std::max(heartbeat_.fallback_a, smallest_a)) : set_a_;
}

double OpenEvseBox::offer() const {
    const bool held = !booted_ || fault_ != 0 || asleep_ || disabled_ || boot_locked_ || auth_locked_;
    return held ? 0 : capacity();
}

int OpenEvseBox::pilot_state() const {
    if (!outlet_.car().plugged()) {
        return 1;
    }
    return outlet_.car().asks() ? 3 : 2;
}

int OpenEvseBox::state() const {
    if (fault_ != 0) {
        return fault_;
    }
    if (disabled_) {
        return disabled;
    }
    return asleep_ ? sleeping : pilot_state();
}

int OpenEvseBox::flags() const {
    int flags = 0;
    flags |= fault_ >= 5 ? 0x0002 : 0;
    flags |= auth_locked_ ? 0x0008 : 0;
    flags |= relay_closed() ? 0x0040 : 0;
    flags |= outlet_.car().plugged() ? 0x0100 : 0;
    flags |= boot_locked_ ? 0x4000 : 0;
    flags |= lock_manual_ ? 0x8000 : 0;
    return flags;
}

void OpenEvseBox::say(std::string_view text) {
    const auto frame = rapi_frame(text, !options_.checksums);
    notifications_.emplace_back(frame.begin(), frame.end());
}

/// AT on every change of what it tells.
void OpenEvseBox::say_state() {
    auto text = fmt::format("AT {:02x} {:02x} {} {:04x}", state(), pilot_state(), capacity(), flags());
    if (text == last_said_) {
        return;
    }
    say(text);
    last_said_ = std::move(text);
}

std::vector<Bytes> OpenEvseBox::take_notifications() {
    return std::exchange(notifications_, {});
}

nlohmann::json OpenEvseBox::writes() const {
    return writes_.json();
}

nlohmann::json OpenEvseBox::show() const {
    return {{"state", state()},
            {"plugged", outlet_.car().plugged()},
            {"asleep", outlet_.car().asleep()},
            {"sleeping", asleep_},
            {"disabled", disabled_},
            {"battery_wh", outlet_.car().battery_wh()},
            {"limit_a", capacity()},
            {"set_a", set_a_},
            {"stored_a", options_.stored_a},
            {"offer_a", offer()},
            {"amps", outlet_.amps()},
            {"power_w", outlet_.volt_amperes()},
            {"energy_wh", total_wh()},
            {"millivolts", millivolts_},
            {"boot_locked", boot_locked_},
            {"heartbeat_s", heartbeat_.interval_s},
            {"heartbeat_a", heartbeat_.fallback_a},
            {"heartbeat_trigger", heartbeat_.trigger},
            {"lock_closed", lock_closed_},
            {"opened_under_load", opened_under_load_},
            {"stored_writes", stored_writes_},
            {"writes", writes_.count()}};
}

namespace {

OpenEvseOptions options_of(KeyValues& keys) {
    OpenEvseOptions options;
    options.car = car_options(keys);
    options.hardware_max_a = int(keys.number("hardware_max_a", options.hardware_max_a, smallest_a, 80));
    options.stored_a = int(keys.number("stored_a", options.hardware_max_a, smallest_a, 80));
    options.energy_wh = double(keys.number("energy_wh", 1'234'567, 0, 0xFFFF'FFFF));
    options.firmware = keys.text("firmware", options.firmware);
    options.serial = keys.text("serial", options.serial);
    options.checksums = keys.flag("checksums", true);
    options.sequences = keys.flag("sequences", true);
    options.flags = keys.flag("flags", true);
    options.ammeter = keys.flag("ammeter", true);
    options.voltmeter = keys.flag("voltmeter", false);
    options.socket_lock = keys.flag("socket_lock", false);
    options.boot_lock = keys.flag("boot_lock", false);
    options.heartbeats = keys.flag("heartbeats", true);
    options.pp_auto = keys.flag("pp_auto", false);
    options.timing.answers_after = milliseconds(keys.number("answers_after_ms", 5, 0, 5'000));
    return options;
}

}  // namespace

constinit const Model openevse_model{"openevse", "OpenEVSE controller, RAPI, 32 A, one phase; unit 1",
                                     &rapi_protocol,
                                     [](KeyValues& keys, const BoxSetup& setup) -> std::unique_ptr<Box> {
                                         return std::make_unique<OpenEvseBox>(options_of(keys), setup);
                                     }};

}  // namespace busbar::sim

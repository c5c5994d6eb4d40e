// SPDX-License-Identifier: Apache-2.0
// The first EVCC: states, commands.
#include "adapters/sim/evcc1_box.hpp"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "adapters/sim/car_keys.hpp"
#include "adapters/sim/evcc1_frame.hpp"
#include "adapters/sim/pilot.hpp"

namespace busbar::sim {

namespace {

constexpr int not_allowed = 999;
constexpr int steady = 1000;  // a pilot without pulses
constexpr int least_duty = 80;
constexpr int most_duty = 970;
constexpr int reset_key = 1111;
constexpr auto dark_after_power_on = 2s;

struct NamedFault {
    std::string_view name;
    int status;
};
constexpr std::array faults{NamedFault{"cs", 33}, NamedFault{"ev", 35}, NamedFault{"locker", 37},
                            NamedFault{"vent", 39}};

/// Empty: not only digits.
std::optional<int> decimal(const std::string& text) {
    const auto number = to_number(text, 0, 9999);
    return number ? std::optional(int(*number)) : std::nullopt;
}

std::string digits(int value) {
    return fmt::format("{:04}", value);
}

}  // namespace

Evcc1Box::Evcc1Box(const Evcc1Options& options, const BoxSetup& setup)
    : Box(setup.start),
      options_(options),
      outlet_(options.car, setup.speed),
      writes_(setup.start),
      duty_(pilot_permille(options.default_a)),
      powered_at_(setup.start) {}

std::optional<Bytes> Evcc1Box::exchange(const Bytes& request) {
    const std::string text(request.begin(), request.end());
    const auto command = decimal(text.substr(0, 2));
    std::optional<int> value;
    if (text.size() > 3 && text[2] == ' ') {
        value = decimal(text.substr(3));
    }
    const bool formed = command && (value || text.size() == 2);
    if (!formed || now() < powered_at_) {
        return std::nullopt;
    }
    const auto said = obey(int(*command), value);
    if (!said) {
        return std::nullopt;
    }
    std::string answer = fmt::format("{:02}", *command);
    if (!said->empty()) {
        answer += " " + *said;
    }
    return Bytes(answer.begin(), answer.end());
}

std::optional<std::string> Evcc1Box::obey(int command, std::optional<int> value) {
    switch (command) {
        case 1:
            return options_.firmware;
        case 2:
            return digits(status());
        case 11:
            return digits(duty_ == not_allowed || outlet_.car().plugged() ? duty_ : steady);
        case 26:
            return digits(pilot_permille(options_.default_a));
        case 29:
            return digits(break_ ? 1 : 0);
        default:
            break;
    }
    auto said = set(command, value);
    if (said) {
        writes_.add(now(), fmt::format("{:02}", command), value.value_or(0));
    }
    return said;
}

std::optional<std::string> Evcc1Box::set(int command, std::optional<int> value) {
    const bool valid_duty = value && (*value == not_allowed || (*value >= least_duty && *value <= most_duty));
    switch (command) {
        case 0:
            if (value != reset_key) {
                return std::nullopt;
            }
            power_cycle();
            return "";
        case 3:
            manual_ = true;
            return "";
        case 25:
            manual_ = false;
            return "";
        case 12:
            if (!valid_duty) {
                return std::nullopt;
            }
            duty_ = *value;
            return "";
        case 27:
        case 28:
            break_ = command == 27;
            return "";
        case 30:
            pilot_off_ = true;
            car().wake();
            return "";
        case 31:
            if (!pilot_off_) {
                return std::nullopt;
            }
            pilot_off_ = false;
            return "";
        default:
            return std::nullopt;
    }
}

double Evcc1Box::offer() const {
    if (fault_ != 0 || manual_ || pilot_off_ || break_ || now() < powered_at_) {
        return 0;
    }
    const bool goes_on = !options_.duty_alone_stops && duty_ == not_allowed && outlet_.car().asks();
    return goes_on ? options_.default_a : pilot_amps(duty_);
}

int Evcc1Box::status() const {
    enum { A = 0, B2 = 4, C = 5, B_ended = 9, B1 = 13, A_off = 17, manual = 255 };
    if (manual_) {
        return manual;
    }
    if (fault_ != 0) {
        return fault_;
    }
    if (pilot_off_) {
        return A_off;
    }
    const Car& car = outlet_.car();
    if (!car.plugged()) {
        return A;
    }
    if (offer() <= 0) {
        return B1;
    }
    if (car.asks()) {
        return C;
    }
    return car.battery_wh() > 0 ? B2 : B_ended;
}

void Evcc1Box::step(SteadyTime::duration length) {
    if (fault_ != 0) {
        outlet_.cut();
    }
    outlet_.offer(offer(), 3);
    outlet_.advance(length);
}

Result<void> Evcc1Box::fault(std::string_view name) {
    std::string known;
    for (const NamedFault& each : faults) {
        if (each.name == name) {
            fault_ = each.status;
            return {};
        }
        known += fmt::format("{}{}", known.empty() ? "" : ", ", each.name);
    }
    return Error{Errc::invalid, fmt::format("unknown fault '{}'; known: {}", name, known)};
}

void Evcc1Box::power_cycle() {
    duty_ = pilot_permille(options_.default_a);
    break_ = false;
    pilot_off_ = false;
    manual_ = false;
    powered_at_ = now() + dark_after_power_on;
    outlet_.cut();
}

nlohmann::json Evcc1Box::writes() const {
    return writes_.json();
}

nlohmann::json Evcc1Box::show() const {
    return {
        {"state", status()},
        {"state_name", digits(status())},
        {"plugged", outlet_.car().plugged()},
        {"asleep", outlet_.car().asleep()},
        {"battery_wh", outlet_.car().battery_wh()},
        {"duty", duty_},
        {"break", break_},
        {"pilot_off", pilot_off_},
        {"limit_a", pilot_amps(duty_)},
        {"offer_a", offer()},
        {"amps", outlet_.amps()},
        {"power_w", outlet_.volt_amperes()},
        {"energy_wh", outlet_.metered_wh()},
        {"writes", writes_.count()},
    };
}

constinit const Protocol evcc1_protocol{
    "EVCC1", []() -> std::unique_ptr<Framing> { return std::make_unique<Evcc1Framing>(); }, nullptr};

constinit const Model abl_evcc1_model{
    "abl-evcc1", "ABL-Sursum EVCC, first generation, units 1 to 8, no meter", &evcc1_protocol,
    [](KeyValues& keys, const BoxSetup& setup) -> std::unique_ptr<Box> {
        Evcc1Options options;
        options.car = car_options(keys);
        options.default_a = int(keys.number("default_a", 16, 6, 51));
        options.duty_alone_stops = keys.flag("duty_alone_stops", true);
        options.firmware = keys.text("firmware", "V1.7");
        options.timing.answers_after = milliseconds(keys.number("answers_after_ms", 10, 0, 5'000));
        return std::make_unique<Evcc1Box>(options, setup);
    }};

}  // namespace busbar::sim

// SPDX-License-Identifier: Apache-2.0
// KEBA over UDP.
#include "adapters/sim/keba_box.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>

#include "adapters/sim/car_keys.hpp"
#include "adapters/sim/datagram_frame.hpp"

namespace busbar::sim {

namespace {

using Json = nlohmann::ordered_json;

constexpr auto dark_after_power_on = 3s;
constexpr int least_ma = 6'000;
constexpr int most_ma = 63'000;
constexpr std::size_t most_news = 16;
constexpr std::size_t card_digits = 16;
constexpr std::size_t class_digits = 20;

Bytes to_bytes(const std::string& text) {
    return {text.begin(), text.end()};
}

bool is_current(long ma) {
    return ma >= least_ma && ma <= most_ma;
}

/// The number at `index`, or -1.
long number_at(const std::vector<std::string>& words, std::size_t index) {
    if (index >= words.size()) {
        return -1;
    }
    const auto number = to_number(words[index], 0, 1'000'000);
    return number ? *number : -1;
}

}  // namespace

KebaBox::KebaBox(const KebaOptions& options, const BoxSetup& setup)
    : Box(setup.start),
      options_(options),
      outlet_(options.car, setup.speed),
      writes_(setup.start),
      last_heard_(setup.start),
      powered_at_(setup.start) {}

std::optional<Bytes> KebaBox::exchange(const Bytes& request) {
    if (now() < powered_at_) {
        return std::nullopt;
    }
    last_heard_ = now();
    std::istringstream stream{std::string(request.begin(), request.end())};
    Words words;
    for (std::string word; stream >> word;) {
        words.push_back(word);
    }
    if (words.size() == 1 && words[0] == "i") {
        return to_bytes(fmt::format("\"Firmware\":\"{}\"", options_.firmware));
    }
    if (words.size() == 2 && words[0] == "report") {
        const auto asked = report(int(number_at(words, 1)));
        return to_bytes(asked ? asked->dump(1) : "TCH-ERR");
    }
    return to_bytes(!words.empty() && obey(words) ? "TCH-OK :done" : "TCH-ERR");
}

std::optional<Json> KebaBox::report(int number) const {
    const auto uptime = std::chrono::duration_cast<seconds>(now() - powered_at_).count();
    Json json;
    if (number == 1) {
        json = {{"ID", "1"},
                {"Product", options_.has_meter ? "KC-P30-EC240422-E00" : "KC-P20-ES240030-000"},
                {"Serial", options_.serial},
                {"Firmware", options_.firmware},
                {"COM-module", 0}};
    } else if (number == 2) {
        json = state_report();
    } else if (number == 3) {
        json = meter_report();
    } else if (number == 100 && options_.has_sessions) {
        json = {{"ID", "100"},
                {"Session ID", 35},
                {"RFID tag", fmt::format("{:0<{}}", card_, card_digits)},
                {"ended[s]", 0}};
    } else {
        return std::nullopt;
    }
    json["Serial"] = options_.serial;
    json["Sec"] = uptime;
    return json;
}

Json KebaBox::state_report() const {
    const bool waits = !authorized() && outlet_.car().plugged();
    return {{"ID", "2"},
            {"State", state()},
            {"Error1", error_},
            {"Error2", 0},
            {"Plug", plug()},
            {"AuthON", options_.wants_cards ? 1 : 0},
            {"Authreq", waits ? 1 : 0},
            {"Enable sys", enabled_ ? 1 : 0},
            {"Enable user", enabled_ ? 1 : 0},
            {"Max curr", std::lround(offer() * 1000)},
            {"Max curr %", 1000},
            {"Curr HW", options_.hardware_max_a * 1000},
            {"Curr user", user_ma_},
            {"Curr FS", failsafe_ma_},
            {"Tmo FS", failsafe_after_.count()},
            {"Curr timer", 0},
            {"Tmo CT", 0},
            {"Setenergy", 0},
            {"Output", 0},
            {"Input", 0}};
}

Json KebaBox::meter_report() const {
    const auto amps = outlet_.amps();
    const bool measures = options_.has_meter && outlet_.car().asks();
    const auto tenths = [this](double wh) { return options_.has_meter ? std::int64_t(wh * 10) : 0; };
    Json json{{"ID", "3"}};
    for (std::size_t i = 0; i < 3; ++i) {
        json[fmt::format("U{}", i + 1)] = measures ? Outlet::volts.at(i) : 0;
    }
    for (std::size_t i = 0; i < 3; ++i) {
        json[fmt::format("I{}", i + 1)] = measures ? std::lround(amps.at(i) * 1000) : 0;
    }
    json["P"] = measures ? std::int64_t(outlet_.volt_amperes() * 1000) : 0;
    json["PF"] = measures ? 1000 : 0;
    json["E pres"] = tenths(outlet_.metered_wh() - session_from_wh_);
    json["E total"] = tenths(options_.energy_wh + outlet_.metered_wh());
    return json;
}

bool KebaBox::obey(const Words& words) {
    const long first = number_at(words, 1);
    const bool takes_now =
        words[0] == "curr" && words.size() == 2 && (is_current(first) || (first == 0 && options_.takes_zero));
    const bool takes_later =  // which this box does at once
        words[0] == "currtime" && words.size() == 3 && (first == 0 || is_current(first));
    if (words[0] == "ena" && words.size() == 2 && (first == 0 || first == 1)) {
        enabled_ = first == 1;
    } else if (takes_now || takes_later) {
        user_ma_ = int(first);
    } else if (words[0] == "failsafe") {
        if (!set_failsafe(words)) {
            return false;
        }
    } else if (words[0] == "start") {
        if (!start_session(words)) {
            return false;
        }
    } else if (words[0] == "stop") {
        card_.clear();
    } else if (words[0] != "unlock" && words[0] != "display") {
        return false;
    }
    writes_.add(now(), words[0], int(first));
    return true;
}

/// Tag and class of a card, which are 8 and 10 bytes.
bool KebaBox::start_session(const Words& words) {
    const auto is_hex = [](const std::string& word, std::size_t digits) {
        return word.size() == digits && word.find_first_not_of("0123456789abcdefABCDEF") == std::string::npos;
    };
    if (words.size() != 3 || !is_hex(words[1], card_digits) || !is_hex(words[2], class_digits)) {
        return false;
    }
    card_ = words[1];
    return true;
}

bool KebaBox::set_failsafe(const Words& words) {
    const long after = number_at(words, 1);
    const long ma = number_at(words, 2);
    const long save = number_at(words, 3);
    const bool valid = words.size() == 4 && (after == 0 || (after >= 10 && after <= 600)) &&
                       (ma == 0 || is_current(ma)) && (save == 0 || save == 1);
    if (!valid || !options_.has_failsafe) {
        return false;
    }
    failsafe_after_ = seconds(after);
    failsafe_ma_ = int(ma);
    return true;
}

std::vector<Bytes> KebaBox::take_notifications() {
    std::vector<Bytes> said(news_.begin(), news_.end());
    news_.clear();
    return said;
}

bool KebaBox::failed_safe() const {
    return failsafe_after_ > 0s && now() - last_heard_ >= failsafe_after_;
}

double KebaBox::offer() const {
    if (error_ != 0 || now() < powered_at_ || !authorized()) {
        return 0;
    }
    if (failed_safe()) {
        return std::min(failsafe_ma_ / 1000.0, double(options_.hardware_max_a));
    }
    return enabled_ ? std::min(user_ma_ / 1000.0, double(options_.hardware_max_a)) : 0;
}

int KebaBox::state() const {
    enum { not_ready = 1, ready, charging, error, interrupted };
    if (error_ != 0) {
        return error;
    }
    if (!outlet_.car().plugged() || !authorized()) {
        return not_ready;
    }
    if (offer() <= 0) {
        return interrupted;
    }
    return outlet_.car().asks() ? charging : ready;
}

int KebaBox::plug() const {
    return outlet_.car().plugged() ? 7 : 0;
}

void KebaBox::step(SteadyTime::duration length) {
    if (error_ != 0) {
        outlet_.cut();
    }
    outlet_.offer(offer(), 3);
    outlet_.advance(length);
    if (plug() != told_plug_) {
        session_from_wh_ = outlet_.metered_wh();
        if (plug() == 0) {
            card_.clear();
        }
        news_.push_back(to_bytes(Json{{"Plug", plug()}}.dump()));
    }
    if (state() != told_state_) {
        news_.push_back(to_bytes(Json{{"State", state()}}.dump()));
    }
    told_plug_ = plug();
    told_state_ = state();
    while (news_.size() > most_news) {
        news_.pop_front();
    }
}

Result<void> KebaBox::fault(std::string_view name) {
    const auto number = to_number(name, 1, 1'000'000);
    if (!number) {
        return Error{Errc::invalid, "a fault of this box is the number that Error1 shows"};
    }
    error_ = *number;
    return {};
}

Result<void> KebaBox::card(const Bytes& uid) {
    card_ = fmt::format("{:02x}", fmt::join(uid, "")).substr(0, card_digits);
    return {};
}

void KebaBox::power_cycle() {
    enabled_ = true;
    user_ma_ = most_ma;
    failsafe_after_ = 0s;
    failsafe_ma_ = 0;
    powered_at_ = now() + dark_after_power_on;
    last_heard_ = powered_at_;
    outlet_.cut();
}

nlohmann::json KebaBox::writes() const {
    return writes_.json();
}

nlohmann::json KebaBox::show() const {
    return {
        {"state", state()},
        {"plugged", outlet_.car().plugged()},
        {"asleep", outlet_.car().asleep()},
        {"battery_wh", outlet_.car().battery_wh()},
        {"enabled", enabled_},
        {"current_set_a", user_ma_ / 1000.0},
        {"failsafe_a", failsafe_ma_ / 1000.0},
        {"failsafe_s", failsafe_after_.count()},
        {"watchdog_expired", failed_safe()},
        {"limit_a", enabled_ ? user_ma_ / 1000.0 : 0},
        {"offer_a", offer()},
        {"amps", outlet_.amps()},
        {"power_w", outlet_.volt_amperes()},
        {"energy_wh", options_.energy_wh + outlet_.metered_wh()},
        {"writes", writes_.count()},
    };
}

constinit const Protocol keba_protocol{"KEBA UDP", nullptr, nullptr, []() -> std::unique_ptr<Framing> {
                                           return std::make_unique<DatagramFraming>();
                                       }};

constinit const Model keba_udp_model{
    "keba-udp", "KEBA KeContact P20/P30 over UDP, unit 1", &keba_protocol,
    [](KeyValues& keys, const BoxSetup& setup) -> std::unique_ptr<Box> {
        KebaOptions options;
        options.car = car_options(keys);
        options.energy_wh = double(keys.number("energy_wh", 1'234'567, 0, 0xFFFF'FFFF));
        options.hardware_max_a = int(keys.number("hardware_max_a", 32, 6, 63));
        options.has_meter = keys.flag("meter", true);
        options.wants_cards = keys.flag("wants_cards", false);
        options.takes_zero = keys.flag("takes_zero", true);
        options.has_failsafe = keys.flag("failsafe", true);
        options.has_sessions = keys.flag("sessions", true);
        options.serial = keys.text("serial", "17619300");
        options.firmware = keys.text("firmware", "P30 v 3.10.14 (190621-123456)");
        options.timing.answers_after = milliseconds(keys.number("answers_after_ms", 10, 0, 5'000));
        options.timing.wants_gap = milliseconds(keys.number("wants_gap_ms", 100, 0, 5'000));
        options.timing.ignores_below = milliseconds(keys.number("ignores_below_ms", 50, 0, 5'000));
        return std::make_unique<KebaBox>(options, setup);
    }};

}  // namespace busbar::sim

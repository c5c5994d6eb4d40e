// SPDX-License-Identifier: Apache-2.0
// KEBA's keys and what they mean.
#include "adapters/keba_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <functional>
#include <nlohmann/json.hpp>

namespace busbar::adapters {
namespace {

using Json = nlohmann::json;
using Number = KebaValues::Number;

struct NumberKey {
    std::string_view name;
    Number& (*member)(KebaValues&);
};

template <auto Member>
Number& plain(KebaValues& values) {
    return values.*Member;
}
template <auto Member, std::size_t Phase>
Number& phase(KebaValues& values) {
    return (values.*Member)[Phase];
}

constexpr std::array number_keys{
    NumberKey{"State", plain<&KebaValues::state>},
    NumberKey{"Plug", plain<&KebaValues::plug>},
    NumberKey{"Error1", plain<&KebaValues::error1>},
    NumberKey{"Error2", plain<&KebaValues::error2>},
    NumberKey{"AuthON", plain<&KebaValues::auth_on>},
    NumberKey{"Authreq", plain<&KebaValues::auth_required>},
    NumberKey{"Enable user", plain<&KebaValues::enable_user>},
    NumberKey{"Max curr", plain<&KebaValues::offered_ma>},
    NumberKey{"Curr HW", plain<&KebaValues::hardware_ma>},
    NumberKey{"Curr user", plain<&KebaValues::user_ma>},
    NumberKey{"U1", phase<&KebaValues::voltage_v, 0>},
    NumberKey{"U2", phase<&KebaValues::voltage_v, 1>},
    NumberKey{"U3", phase<&KebaValues::voltage_v, 2>},
    NumberKey{"I1", phase<&KebaValues::current_ma, 0>},
    NumberKey{"I2", phase<&KebaValues::current_ma, 1>},
    NumberKey{"I3", phase<&KebaValues::current_ma, 2>},
    NumberKey{"P", plain<&KebaValues::power_mw>},
    NumberKey{"E pres", plain<&KebaValues::session_energy>},
    NumberKey{"E total", plain<&KebaValues::total_energy>},
    NumberKey{"ended[s]", plain<&KebaValues::ended>},
};

struct TextKey {
    std::string_view name;
    std::string KebaValues::*member;
};
constexpr std::array text_keys{
    TextKey{"Serial", &KebaValues::serial},
    TextKey{"Firmware", &KebaValues::firmware},
    TextKey{"RFID tag", &KebaValues::card},
};

constexpr int error_state = 4;
constexpr int car_bit = 4;

/// Discarded when it is no object.
Json object_of(std::string_view message) {
    auto json = Json::parse(message, nullptr, false);
    if (!json.is_object()) return Json(Json::value_t::discarded);
    return json;
}

std::string text_of(const Json& value) {
    if (value.is_string()) return value.get<std::string>();
    if (value.is_number_integer()) return fmt::format("{}", value.get<std::int64_t>());
    return {};
}

int whole(const Number& number) {
    return number ? static_cast<int>(std::clamp(number->value, -1e9, 1e9)) : 0;
}

CpState pilot_state(const KebaValues& values) {
    const bool offers = !(values.offered_ma && values.offered_ma->value <= 0) &&
                        !(values.enable_user && values.enable_user->value == 0);
    if (whole(values.state) == 0) return CpState::unknown;
    if (!keba_has_car(values)) return CpState::A;
    switch (whole(values.state)) {
        case 2:
            return offers ? CpState::B2 : CpState::B1;
        case 3:
            return CpState::C2;
        case 1:
        case 5:
            return CpState::B1;
        default:
            return CpState::unknown;
    }
}

Fault fault_of(const KebaValues& values) {
    auto code = fmt::format("{}", whole(values.error1));
    if (whole(values.error2) != 0) code += fmt::format("/{}", whole(values.error2));
    return {FaultCode::OtherError, std::move(code), "Error1/Error2"};
}

template <class Unit>
std::optional<Measured<Unit>> measured(const Number& number, double factor) {
    if (!number) return std::nullopt;
    return Measured<Unit>{Unit(number->value * factor), number->taken_at};
}

/// A station without a meter says 0 to everything.
bool has_meter(const KebaValues& values) {
    const auto above_zero = [](const Number& number) { return number && number->value > 0; };
    return above_zero(values.total_energy) ||
           std::any_of(values.voltage_v.begin(), values.voltage_v.end(), above_zero);
}

/// Upper-case digits of 4, 7 or 10 bytes, the lengths of a card's UID, where only 0 follows.
std::optional<std::string> card_of(const KebaValues& values) {
    auto card = values.card;
    const bool ended = values.ended && values.ended->value > 0;
    if (ended || !keba_has_car(values)) return std::nullopt;
    std::transform(card.begin(), card.end(), card.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    if (card == keba_own_card) return std::nullopt;
    const auto last = card.find_last_not_of('0');
    if (last == std::string::npos) return std::nullopt;
    static constexpr std::array<std::size_t, 3> lengths{8, 14, 20};
    const auto* fits =
        std::find_if(lengths.begin(), lengths.end(), [&](std::size_t length) { return last < length; });
    if (fits != lengths.end() && card.size() > *fits) card.resize(*fits);
    return card;
}

}  // namespace

std::optional<int> keba_report_number(std::string_view message) {
    const auto json = object_of(message);
    if (json.is_discarded() || !json.contains("ID")) return std::nullopt;
    const auto text = text_of(json["ID"]);
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

bool merge_keba(KebaValues& values, std::string_view message, SteadyTime now) {
    const auto json = object_of(message);
    if (json.is_discarded()) return false;
    for (const auto& key : number_keys) {
        const auto found = json.find(key.name);
        if (found != json.end() && found->is_number()) key.member(values) = {found->get<double>(), now};
    }
    for (const auto& key : text_keys) {
        const auto found = json.find(key.name);
        if (found != json.end()) values.*key.member = text_of(*found);
    }
    return true;
}

bool is_keba_acknowledgement(std::string_view message) {
    return message.starts_with("TCH-");
}

bool is_keba_consent(std::string_view message) {
    return message.starts_with("TCH-OK");
}

bool keba_has_car(const KebaValues& values) {
    if (values.plug) return (whole(values.plug) & car_bit) != 0;
    return whole(values.state) == 2 || whole(values.state) == 3;
}

Reading keba_reading(const KebaValues& values) {
    Reading reading;
    const bool fault = whole(values.state) == error_state;
    reading.state = fault ? CpState::F : pilot_state(values);
    reading.taken_at = values.state->taken_at;
    if (fault) reading.fault = fault_of(values);
    reading.auth_wait =
        whole(values.auth_on) == 1 && whole(values.auth_required) == 1 && keba_has_car(values);
    if (values.offered_ma) reading.offered = Amperes(values.offered_ma->value / 1000);
    reading.id_tag = card_of(values);
    if (!has_meter(values)) return reading;
    reading.energy_import = measured<WattHours>(values.total_energy, 0.1);
    reading.energy_session = measured<WattHours>(values.session_energy, 0.1);
    reading.power = measured<Watts>(values.power_mw, 0.001);
    for (std::size_t i = 0; i < 3; ++i) {
        reading.current[i] = measured<Amperes>(values.current_ma[i], 0.001);
        // A box that does not charge says 0 V: it has not measured.
        if (values.voltage_v[i] && values.voltage_v[i]->value > 0) {
            reading.voltage[i] = measured<Volts>(values.voltage_v[i], 1);
        }
    }
    return reading;
}

}  // namespace busbar::adapters

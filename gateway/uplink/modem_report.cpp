// SPDX-License-Identifier: Apache-2.0
#include "gateway/uplink/modem_report.hpp"

#include <array>
#include <nlohmann/json.hpp>

#include "gateway/uplink/signal_quality.hpp"

namespace busbar::gateway {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<const char*, modem_steps> steps{"reconnect", "toggle", "reset", "power_cycle"};

Json or_null(const std::string& text) {
    return text.empty() ? Json(nullptr) : Json(text);
}

template <class T>
Json or_null(const std::optional<T>& value) {
    return value ? Json(*value) : Json(nullptr);
}

Json signal_json(const ModemFacts& modem) {
    const auto csq = csq_of(modem);
    Json json{{"csq", or_null(csq)}, {"word", signal_word(csq)}};
    json["line"] = csq_line;
    json["passes"] = csq ? Json(*csq > csq_line) : Json(nullptr);
    json["rssi_dbm"] = or_null(modem.rssi);
    json["rsrp_dbm"] = or_null(modem.rsrp);
    return json;
}

}  // namespace

Json modem_json(const ModemReport& report) {
    const ModemFacts& modem = report.facts;
    Json json{{"state", to_string(modem.state)}, {"hindrance", or_null(report.hindrance)}};
    json["operator"] = or_null(modem.operator_name);
    json["operator_code"] = or_null(modem.operator_code);
    json["access"] = or_null(access_word(modem.access));
    json["roaming"] = modem.registration == Registration::roaming;
    json["signal"] = signal_json(modem);
    json["imei"] = or_null(modem.imei);
    json["iccid"] = or_null(modem.iccid);
    json["imsi"] = or_null(modem.imsi);
    for (std::size_t step = 0; step < modem_steps; ++step)
        json["recovery"][steps.at(step)] = report.recovery.at(step);
    return json;
}

}  // namespace busbar::gateway

// SPDX-License-Identifier: Apache-2.0
#include "gateway/field/trial_json.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <nlohmann/json.hpp>

#include "config/spellings.hpp"

namespace busbar::gateway {
namespace {

using Json = nlohmann::ordered_json;

std::string_view name(config::Table table) {
    static constexpr std::array<std::string_view, 4> names{"input", "holding", "coil", "discrete"};
    return names.at(static_cast<std::size_t>(table));
}

template <class Q>
void put(Json& json, const char* key, const std::optional<Measured<Q>>& measured) {
    if (measured) json[key] = measured->value.value();
}
template <class Q>
void put(Json& json, const char* key, const std::optional<Q>& quantity) {
    if (quantity) json[key] = quantity->value();
}

/// Three phases, null where nothing measures; absent when nothing measures any.
template <class Q>
void put(Json& json, const char* key, const std::array<std::optional<Measured<Q>>, 3>& phases) {
    Json list = Json::array();
    bool any = false;
    for (const auto& phase : phases) {
        any = any || phase;
        list.push_back(phase ? Json(phase->value.value()) : Json(nullptr));
    }
    if (any) json[key] = std::move(list);
}

void put_flags(Json& json, const Reading& reading) {
    const std::array<std::pair<const char*, bool>, 4> flags{{{"auth_wait", reading.auth_wait},
                                                             {"locked_out", reading.locked_out},
                                                             {"finished", reading.finished},
                                                             {"derated", reading.derated}}};
    for (const auto& [key, set] : flags) {
        if (set) json[key] = true;
    }
}

Json reading_json(const Reading& reading) {
    Json json{{"state", config::name_of(std::optional(reading.state), config::kStates)}};
    put(json, "power_w", reading.power);
    put(json, "current_a", reading.current);
    put(json, "voltage_v", reading.voltage);
    put(json, "energy_import_wh", reading.energy_import);
    put(json, "energy_session_wh", reading.energy_session);
    put(json, "offered_a", reading.offered);
    put(json, "temperature_c", reading.temperature);
    put(json, "soc_percent", reading.soc);
    if (reading.id_tag) json["id_tag"] = *reading.id_tag;
    if (reading.fault) {
        json["fault"] = {{"code", config::name_of(reading.fault->code, config::kFaultCodes)},
                         {"vendor_code", reading.fault->vendor_code},
                         {"text", reading.fault->text}};
    }
    put_flags(json, reading);
    return json;
}

Json identity_json(const DeviceIdentity& identity) {
    Json json = Json::object();
    const std::array<std::pair<const char*, const std::string*>, 3> facts{
        {{"serial", &identity.serial},
         {"firmware", &identity.firmware},
         {"meter_serial", &identity.meter_serial}}};
    for (const auto& [key, text] : facts) {
        if (!text->empty()) json[key] = *text;
    }
    return json;
}

Json row_json(const adapters::TrialRow& row) {
    Json json{{"connector", row.connector},  {"name", row.name},
              {"unit_id", row.span.unit},    {"table", name(row.span.table)},
              {"address", row.span.address}, {"count", row.span.count}};
    json["words"] = row.words ? Json(fmt::format("{:04X}", fmt::join(*row.words, " "))) : Json(nullptr);
    json["value"] = row.number ? Json(*row.number) : row.text ? Json(*row.text) : Json(nullptr);
    json["why"] = row.why;
    return json;
}

}  // namespace

std::string to_json(const TrialSubject& subject, const adapters::TrialReport& report) {
    Json json{{"profile", subject.profile}, {"unit_id", subject.place.unit}, {"answers", report.answers}};
    if (!subject.place.units.empty()) json["units"] = subject.place.units;
    json["registers"] = Json::array();
    for (const auto& row : report.rows) json["registers"].push_back(row_json(row));
    json["connectors"] = Json::array();
    for (const auto& each : report.connectors) {
        json["connectors"].push_back(
            {{"connector", each.number},
             {"reading", each.answers ? reading_json(each.reading) : Json(nullptr)}});
    }
    json["reading"] = report.answers ? reading_json(report.connectors.front().reading) : Json(nullptr);
    json["identity"] = identity_json(report.identity);
    json["exchanges"] = Json::array();
    for (const auto& exchange : report.exchanges) {
        json["exchanges"].push_back(
            {{"request", exchange.request}, {"response", exchange.response}, {"error", exchange.error}});
    }
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string fixture_of(const std::string& trial_json) {
    const Json trial = Json::parse(trial_json, nullptr, false);
    if (!trial.is_object()) return "{}";
    Json fixture{{"profile", trial.at("profile")}, {"source", "recorded with busbarctl profile try"}};
    fixture["unit_id"] = trial.at("unit_id");
    if (trial.contains("units")) fixture["units"] = trial.at("units");
    if (trial.at("connectors").size() > 1) fixture["connectors"] = trial.at("connectors").size();
    Json exchanges = Json::object();
    for (const auto& exchange : trial.at("exchanges")) {
        exchanges[exchange.at("request").get<std::string>()] = exchange.at("response");
    }
    Json cases = Json::array();
    for (const auto& connector : trial.at("connectors")) {
        const auto& reading = connector.at("reading");
        if (reading.is_null()) continue;
        Json look{{"name", "as it was when it was recorded"}};
        const auto number = connector.at("connector").get<int>();
        if (number > 1) look["connector"] = number;
        look["reading"] = reading;
        if (!trial.at("identity").empty()) look["identity"] = trial.at("identity");
        cases.push_back(std::move(look));
    }
    fixture["exchanges"] = std::move(exchanges);
    fixture["cases"] = std::move(cases);
    return fixture.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace busbar::gateway

// SPDX-License-Identifier: Apache-2.0
#include "gateway/mqtt/discovery.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "gateway/mqtt/entities.hpp"

namespace busbar::gateway {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 4> component_names{"sensor", "binary_sensor", "switch", "number"};
constexpr int status_count = 9;
constexpr double watt_hours_a_kilowatt_hour = 1000;

std::string_view name(Component component) {
    return component_names.at(static_cast<std::size_t>(component));
}

/// What a device tells of itself may hold bytes that are no UTF-8.
std::string text_of(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string value_template(std::string_view key) {
    return fmt::format("{{{{ value_json.{} }}}}", key);
}

Json options_of(Options options) {
    if (options == Options::reasons) return limited_by_names;
    Json names = Json::array();
    for (int nth = 0; nth < status_count; ++nth)
        names.push_back(ocpp::name_of(static_cast<ocpp::ChargePointStatus>(nth)));
    return names;
}

Json availability_of(const Entity& entity, const Topics& topics, const std::string& state) {
    Json list = Json::array({{{"topic", topics.availability()}}});
    if (entity.needs_charger)
        list.push_back({{"topic", state}, {"value_template", value_template("charger")}});
    return list;
}

Json device_of(const ChargePointReport& report) {
    Json device{{"identifiers", {"busbar_" + topic_step(report.id)}}, {"name", report.id}};
    const auto& identity = report.view.identity;
    for (const auto& [key, text] :
         {std::pair("manufacturer", report.vendor), std::pair("model", report.model),
          std::pair("serial_number", identity.serial), std::pair("sw_version", identity.firmware)}) {
        if (!text.empty()) device[key] = text;
    }
    return device;
}

void add_command(Json& config, const Entity& entity, const ChargePointReport& report,
                 const std::string& topic) {
    config["command_topic"] = topic;
    if (entity.component != Component::number) return;
    config["min"] = 0;
    config["max"] = report.view.max_current.value();
    config["step"] = 1;
    config["mode"] = "box";
}

Json config_of(const Entity& entity, const ChargePointReport& report, ConnectorId connector,
               const Topics& topics) {
    const bool several = report.view.connectors.size() > 1;
    const auto state = topics.state(report.id, connector);
    Json config{{"name", several ? fmt::format("{} {}", entity.name, connector) : std::string(entity.name)},
                {"unique_id", fmt::format("busbar_{}_{}_{}", topic_step(report.id), connector, entity.key)},
                {"state_topic", state},
                {"value_template", value_template(entity.key)},
                {"availability", availability_of(entity, topics, state)},
                {"availability_mode", "all"}};
    for (const auto& [key, text] :
         {std::pair("device_class", entity.device_class), std::pair("unit_of_measurement", entity.unit),
          std::pair("state_class", entity.state_class)}) {
        if (!text.empty()) config[key] = text;
    }
    if (entity.options != Options::none) config["options"] = options_of(entity.options);
    if (entity.command)
        add_command(config, entity, report, topics.command(report.id, connector, *entity.command));
    config["device"] = device_of(report);
    config["origin"] = {{"name", "busbar"}, {"sw_version", BUSBAR_VERSION}};
    return config;
}

Json on_off(bool on) {
    return on ? "ON" : "OFF";
}

/// In steps of `step`.
template <class Quantity>
Json rounded(const std::optional<Quantity>& quantity, double step) {
    if (!quantity || !std::isfinite(quantity->value())) return nullptr;
    // Divided by the inverse: 0.1 is none of a double's numbers, 10 is.
    const double parts = std::round(1 / step);
    return std::round(quantity->value() * parts) / parts;
}

Json kilowatt_hours(const std::optional<WattHours>& energy) {
    if (!energy) return nullptr;
    return std::round(energy->value()) / watt_hours_a_kilowatt_hour;
}

std::optional<WattHours> session_energy(const ocpp::ConnectorView& view) {
    if (view.transaction == nullptr || !view.energy) return std::nullopt;
    return std::max(WattHours(0), *view.energy - view.transaction->meter_start);
}

Json state_of(const ChargePointReport& report, const ocpp::ConnectorView& view) {
    const auto most = report.view.max_current;
    Json json{{"charger", view.plugged && !view.lost ? "online" : "offline"}};
    json["status"] = view.status ? Json(ocpp::name_of(view.status->status)) : Json(nullptr);
    json["plugged"] = view.plugged ? on_off(*view.plugged) : Json(nullptr);
    json["charging"] =
        view.status ? on_off(view.status->status == ocpp::ChargePointStatus::Charging) : Json(nullptr);
    json["power"] = rounded(view.power, 1);
    json["energy"] = kilowatt_hours(view.energy);
    json["session_energy"] = kilowatt_hours(session_energy(view));
    for (std::size_t phase = 0; phase < view.currents.size(); ++phase)
        json[fmt::format("current_l{}", phase + 1)] = rounded(view.currents[phase], 0.1);
    json["limit"] = rounded(view.applied, 0.1);
    json["limit_reason"] = view.limited_by ? Json(to_string(*view.limited_by)) : Json(nullptr);
    json["connected"] = on_off(report.link.state == LinkState::connected);
    json["paused"] = on_off(view.local.paused);
    json["local_limit"] = rounded(std::optional(std::min(view.local.limit.value_or(most), most)), 0.1);
    return json;
}

}  // namespace

void add_discovery(const ChargePointReport& report, const Topics& topics, bool allow_control, Retained& out) {
    for (const auto& view : report.view.connectors) {
        for (const auto& entity : entities) {
            const bool withheld = entity.command && !allow_control;
            out[topics.discovery(name(entity.component), report.id, view.id, entity.key)] =
                withheld ? std::string() : text_of(config_of(entity, report, view.id, topics));
        }
    }
}

void add_states(const ChargePointReport& report, const Topics& topics, Retained& out) {
    for (const auto& view : report.view.connectors)
        out[topics.state(report.id, view.id)] = text_of(state_of(report, view));
}

}  // namespace busbar::gateway

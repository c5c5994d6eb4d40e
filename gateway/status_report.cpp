// SPDX-License-Identifier: Apache-2.0
#include "gateway/status_report.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "config/spellings.hpp"
#include "gateway/web/api/masking.hpp"
#include "ocpp/date_time.hpp"

namespace busbar::gateway {
namespace {

using Json = nlohmann::ordered_json;

/// To the nearest `step`: what comes of a UTC time by way of the steady clock is off by a millisecond.
Json time_json(SteadyTime at, const Now& now, milliseconds step = milliseconds(1)) {
    const auto utc = ocpp::stamp(at, now).utc;
    if (!utc) return nullptr;
    const auto rounded = (utc->time_since_epoch() + step / 2) / step * step;
    return ocpp::to_iso8601(UtcTime(rounded));
}

template <class Quantity>
Json or_null(const std::optional<Quantity>& quantity) {
    return quantity ? Json(quantity->value()) : Json(nullptr);
}

std::string_view name(LinkState state) {
    static constexpr std::array<std::string_view, 4> names{"dialling", "connected", "waiting", "stopped"};
    return names.at(static_cast<std::size_t>(state));
}

Json link_json(const LinkStatus& link, const Now& now) {
    Json json{{"state", name(link.state)},
              {"since", time_json(link.since, now)},
              {"cause", link.cause},
              {"detail", link.detail}};
    if (!link.uplink.empty()) json["uplink"] = link.uplink;
    if (link.next_dial) json["next_dial"] = time_json(*link.next_dial, now);
    return json;
}

Json transaction_json(const ocpp::Transaction* transaction, const Now& now, Tags tags) {
    if (transaction == nullptr) return nullptr;
    const auto start = ocpp::utc_of(transaction->start, now);
    return {{"id", transaction->id ? Json(*transaction->id) : Json(nullptr)},
            {"id_tag", tags == Tags::whole ? transaction->id_tag : masked_tag(transaction->id_tag)},
            {"started_at", start ? Json(ocpp::to_iso8601(*start)) : Json(nullptr)},
            {"meter_start_wh", transaction->meter_start.value()}};
}

Json limit_json(const ocpp::ConnectorView& view, const Now& now) {
    Json json{{"wanted_a", view.wanted.value()}, {"applied_a", or_null(view.applied)}};
    if (view.demand > view.wanted) json["without_group_a"] = view.demand.value();
    if (!view.limit_refusal.empty()) json["refused"] = view.limit_refusal;
    json["why"] = view.limited_by ? Json(to_string(*view.limited_by)) : Json(nullptr);
    if (view.limit_until) json["until"] = time_json(*view.limit_until, now, seconds(1));
    if (view.charge_now) json["charge_now"] = true;
    json["local"] = {{"paused", view.local.paused}, {"limit_a", or_null(view.local.limit)}};
    return json;
}

Json connector_json(const ocpp::ConnectorView& view, const Now& now, Tags tags) {
    Json json{{"id", view.id}};
    json["status"] = view.status ? Json(ocpp::name_of(view.status->status)) : Json(nullptr);
    json["error_code"] = view.status ? Json(ocpp::name_of(view.status->error)) : Json(nullptr);
    if (view.status && !view.status->info.empty()) json["info"] = view.status->info;
    if (view.status && !view.status->vendor_error_code.empty()) {
        json["vendor_error_code"] = view.status->vendor_error_code;
    }
    json["transaction"] = transaction_json(view.transaction, now, tags);
    json["limit"] = limit_json(view, now);
    json["power_w"] = or_null(view.power);
    json["energy_wh"] = or_null(view.energy);
    json["energy_origin"] = ocpp::name_of(view.energy_origin);
    return json;
}

Json charger_json(const ChargePointReport& report) {
    const auto& view = report.view;
    return {{"profile", report.profile},
            {"vendor", report.vendor},
            {"model", report.model},
            {"serial", view.identity.serial},
            {"firmware", view.identity.firmware},
            {"min_current_a", view.capabilities.min_current.value()},
            {"max_current_a", view.max_current.value()},
            {"unlock", view.capabilities.unlock},
            {"reboot", view.capabilities.reboot}};
}

Json security_json(const SecurityReport& security) {
    Json json{{"profile", security.link.profile}, {"wanted_profile", security.wanted_profile}};
    const auto& client = security.link.client;
    json["certificate"] = client ? Json{{"not_before", ocpp::to_iso8601(client->not_before)},
                                        {"not_after", ocpp::to_iso8601(client->not_after)}}
                                 : Json(nullptr);
    if (!security.complaint.empty()) json["complaint"] = security.complaint;
    return json;
}

Json charge_point_json(const ChargePointReport& report, const Now& now, Tags tags) {
    Json json{{"id", report.id}, {"charger", charger_json(report)}, {"link", link_json(report.link, now)}};
    json["registration"] =
        report.view.registration ? Json(ocpp::name_of(*report.view.registration)) : Json(nullptr);
    json["queue"] = report.queue;
    if (report.queued_since) json["queue_since"] = time_json(*report.queued_since, now);
    json["security"] = security_json(report.security);
    json["connectors"] = Json::array();
    for (const auto& connector : report.view.connectors)
        json["connectors"].push_back(connector_json(connector, now, tags));
    return json;
}

Json list_json(const std::vector<ChargePointReport>& reports, const Now& now, Tags tags) {
    Json json = Json::array();
    for (const auto& one : reports) json.push_back(charge_point_json(one, now, tags));
    return json;
}

/// What is so right now, beside what is so by configuration.
Json warnings_json(const GatewayReport& report) {
    Json json = report.warnings;
    for (const auto& one : report.charge_points) {
        for (const auto& view : one.view.connectors) {
            if (view.limit_refusal.empty() || view.lost) continue;
            json.push_back(fmt::format("{}: connector {} does not obey its limit of {:g} A: {}", one.id,
                                       view.id, view.wanted.value(), view.limit_refusal));
        }
    }
    return json;
}

Json milliseconds_json(const std::optional<std::chrono::microseconds>& time) {
    if (!time) return nullptr;
    return static_cast<double>(time->count()) / 1000;
}

Json bus_json(const BusReport& bus) {
    Json json{{"id", bus.id}, {"kind", config::name_of(bus.settings.kind, config::kBusKinds)}};
    if (!bus.settings.device.empty()) json["device"] = bus.settings.device;
    if (!bus.settings.host.empty()) json.update({{"host", bus.settings.host}, {"port", bus.settings.port}});
    json["units"] = Json::array();
    for (const auto& unit : bus.units) {
        json["units"].push_back({{"charge_point", unit.charge_point},
                                 {"unit_id", unit.unit_id},
                                 {"exchanges", unit.exchanges},
                                 {"timeouts", unit.timeouts},
                                 {"garbled", unit.garbled},
                                 {"exceptions", unit.exceptions},
                                 {"reply_p50_ms", milliseconds_json(unit.reply_p50)},
                                 {"reply_p99_ms", milliseconds_json(unit.reply_p99)},
                                 {"load", std::round(unit.load * 1000) / 1000},
                                 {"last_error", unit.last_error}});
    }
    return json;
}

std::string_view name(TraceKind kind) {
    static constexpr std::array<std::string_view, 4> names{"ocpp_sent", "ocpp_received", "bus_read",
                                                           "bus_write"};
    return names.at(static_cast<std::size_t>(kind));
}

/// A device or a peer may send bytes that are no UTF-8; the report must not fail on them.
std::string text_of(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json mqtt_json(const MqttReport& mqtt, const Now& now) {
    return {{"connected", mqtt.connected},
            {"since", time_json(mqtt.since, now)},
            {"detail", mqtt.detail},
            {"host", mqtt.host},
            {"port", mqtt.port},
            {"allow_control", mqtt.allow_control},
            {"commands_refused", mqtt.commands_refused}};
}

}  // namespace

std::string_view to_string(ocpp::LimitedBy by) {
    return limited_by_names.at(static_cast<std::size_t>(by));
}

std::string to_json(const GatewayReport& report, Tags tags) {
    Json json{{"version", BUSBAR_VERSION}, {"started_at", time_json(report.started, report.now)}};
    json["clock"] = {{"source", to_string(report.clock.source)},
                     {"now", time_json(report.now.steady, report.now)},
                     {"floor", ocpp::to_iso8601(report.clock.floor)}};
    json["charge_points"] = list_json(report.charge_points, report.now, tags);
    json["buses"] = Json::array();
    for (const auto& bus : report.buses) json["buses"].push_back(bus_json(bus));
    if (!report.uplinks.active.empty()) json["uplinks"] = uplinks_json(report.uplinks, report.now);
    if (report.support_until) json["support_until"] = ocpp::to_iso8601(*report.support_until);
    if (report.web) {
        json["web"] = {{"listening", report.web->listening},
                       {"https_port", report.web->https_port},
                       {"sha256", report.web->sha256}};
    }
    if (report.mqtt) json["mqtt"] = mqtt_json(*report.mqtt, report.now);
    json["warnings"] = warnings_json(report);
    return text_of(json);
}

std::string charge_points_json(const std::vector<ChargePointReport>& reports, const Now& now, Tags tags) {
    return text_of(list_json(reports, now, tags));
}

std::string trace_json(const TraceRing& ring, std::int64_t after, const Now& now,
                       const std::function<std::string(const TraceEvent&)>& shown) {
    Json json{{"events", Json::array()}, {"last", ring.last()}};
    for (const auto& [number, event] : ring.since(after)) {
        json["events"].push_back({{"n", number},
                                  {"t", time_json(event.at, now)},
                                  {"kind", name(event.kind)},
                                  {"source", event.source},
                                  {"text", shown(event)},
                                  {"cause", event.cause.message_id}});
    }
    return text_of(json);
}

}  // namespace busbar::gateway

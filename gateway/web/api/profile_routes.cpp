// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/api/profile_routes.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "config/spellings.hpp"
#include "gateway/web/api/exchange_json.hpp"

namespace busbar::gateway {
namespace {

using Json = nlohmann::ordered_json;
using config::Profile;

template <class E, std::size_t N>
std::string_view word(E value, const std::array<std::string_view, N>& names) {
    return names.at(static_cast<std::size_t>(value));
}

constexpr std::array<std::string_view, 3> confidences{"verified", "documented", "reported"};
constexpr std::array<std::string_view, 6> protocols{"modbus", "abl", "rapi", "evcc1", "keba", "frames"};
constexpr std::array<std::string_view, 4> fallbacks{"stops", "failsafe", "keeps_limit", "full_power"};

Json defaults_json(const Profile& profile) {
    Json json{{"unit_id", profile.default_unit_id}};
    if (profile.baud) json["baud"] = *profile.baud;
    if (profile.parity) json["parity"] = config::name_of(*profile.parity, config::kParities);
    if (profile.stop_bits) json["stop_bits"] = *profile.stop_bits;
    if (profile.tcp_port) json["port"] = *profile.tcp_port;
    return json;
}

/// What only a charger has.
void add_charger(Json& json, const Profile& profile) {
    json["min_current_a"] = profile.limit ? profile.limit->min_a : 0;
    json["max_current_a"] = profile.limit ? profile.limit->max_a : 0;
    json["has_meter"] =
        !profile.measurements.energy_import_wh.empty() || !profile.measurements.energy_session_wh.empty();
    json["card_reader"] = !profile.measurements.id_tag.empty();
    json["unlock"] = profile.sequences.contains("unlock");
    json["when_gateway_dies"] = {{"fallback", profile.fallback ? word(*profile.fallback, fallbacks) : ""},
                                 {"text", profile.when_gateway_dies}};
}

Json profile_json(const Profile& profile, bool is_local) {
    Json json{{"id", profile.id}, {"vendor", profile.vendor}, {"model", profile.model}};
    json["kind"] = profile.is_meter ? "meter" : "charger";
    json["origin"] = is_local ? "local" : "shipped";
    json["source"] = profile.source;
    json["confidence"] = word(profile.confidence, confidences);
    json["protocol"] = word(profile.protocol, protocols);
    json["bus_kinds"] = Json::array();
    for (const auto kind : profile.bus_kinds)
        json["bus_kinds"].push_back(config::name_of(kind, config::kBusKinds));
    json["defaults"] = defaults_json(profile);
    json["phases"] = profile.phases;
    json["connectors"] = profile.connectors.most;
    json["units"] = Json::object();
    for (const auto& [name, unit] : profile.units) json["units"][name] = unit ? Json(*unit) : Json(nullptr);
    if (!profile.is_meter) add_charger(json, profile);
    return json;
}

/// Ids that a directory of one's own defines; it comes before the shipped ones.
std::set<std::string> local_ids(const GatewaySettings& settings) {
    std::set<std::string> ids;
    if (settings.config.charger_profile_dirs.empty()) return ids;
    for (const auto& [id, profile] : config::load_profiles(settings.config.charger_profile_dirs).value)
        ids.insert(id);
    return ids;
}

HttpResponse list(const GatewaySettings& settings) {
    const auto local = local_ids(settings);
    Json profiles = Json::array();
    for (const auto& [id, profile] : *settings.shelf.library())
        profiles.push_back(profile_json(profile, local.contains(id)));
    return json_response({{"profiles", std::move(profiles)}});
}

}  // namespace

std::vector<Route> profile_routes(std::function<const GatewaySettings&()> settings) {
    return {{"GET", "/api/v1/profiles", at_least(Role::viewer),
             [settings = std::move(settings)](const HttpRequest&) { return list(settings()); }}};
}

}  // namespace busbar::gateway

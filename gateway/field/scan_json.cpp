// SPDX-License-Identifier: Apache-2.0
#include "gateway/field/scan_json.hpp"

#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "config/spellings.hpp"

namespace busbar::gateway {
namespace {

using adapters::Found;
using adapters::ProfileLibrary;
using adapters::ScanFindings;
using adapters::ScanSetting;
using Json = nlohmann::ordered_json;

std::string_view state_of(adapters::ScanEnd end) {
    static constexpr std::array<std::string_view, 5> names{"running", "complete", "stopped", "line_in_use",
                                                           "unreachable"};
    return names.at(static_cast<std::size_t>(end));
}

std::string_view name(adapters::ScanPhase phase) {
    static constexpr std::array<std::string_view, 5> names{"listening", "known_models", "units", "sweep",
                                                           "ended"};
    return names.at(static_cast<std::size_t>(phase));
}

Json setting_json(const ScanSetting& setting) {
    const auto& bus = setting.bus;
    Json json{{"kind", config::name_of(bus.kind, config::kBusKinds)}};
    if (!bus.host.empty()) {
        json["host"] = bus.host;
        json["port"] = bus.port;
        return json;
    }
    if (!bus.device.empty()) json["device"] = bus.device;
    json["baud"] = bus.baud;
    json["parity"] = config::name_of(bus.parity, config::kParities);
    json["stop_bits"] = bus.stop_bits;
    return json;
}

Json models_json(const std::vector<std::string>& ids, const ProfileLibrary& profiles) {
    Json list = Json::array();
    for (const auto& id : ids) {
        const auto& profile = profiles.at(id);
        list.push_back({{"profile", id},
                        {"vendor", profile.vendor},
                        {"model", profile.model},
                        {"kind", profile.is_meter ? "meter" : "charger"}});
    }
    return list;
}

Json found_json(const Found& found, const ProfileLibrary& profiles) {
    Json json{{"unit_id", found.unit}};
    json["setting"] = setting_json(found.setting);
    json["setting_text"] = to_text(found.setting);
    json["answer"] = found.answer;
    json["models"] = models_json(found.models, profiles);
    json["could_be"] = models_json(found.could_be, profiles);
    json["any_unit_id"] = found.any_unit;
    json["also_at"] = Json::array();
    for (const auto& setting : found.also_at) json["also_at"].push_back(setting_json(setting));
    return json;
}

Json count_json(const adapters::SettingCount& count) {
    Json json{{"setting", setting_json(count.setting)}, {"setting_text", to_text(count.setting)}};
    json["asked"] = count.asked();
    json["answered"] = count.answered;
    json["silent"] = count.silent;
    json["garbled"] = count.garbled;
    json["hung_up"] = count.hung_up;
    json["garbled_units"] = count.garbled_units;
    return json;
}

}  // namespace

std::string to_json(const std::string& bus, const ScanFindings& findings, const ProfileLibrary& profiles) {
    Json json{{"bus", bus}, {"state", state_of(findings.end)}, {"phase", name(findings.phase)}};
    json["progress"] = std::round(findings.progress * 1000) / 1000;
    json["seconds_left"] = std::chrono::ceil<seconds>(findings.left).count();
    json["doing"] = findings.doing;
    json["heard"] = {{"bytes", findings.heard.bytes}, {"text", to_text(findings.heard)}};
    json["found"] = Json::array();
    for (const auto& found : findings.found) json["found"].push_back(found_json(found, profiles));
    json["settings"] = Json::array();
    for (const auto& count : findings.settings) json["settings"].push_back(count_json(count));
    json["advice"] = advice(findings);
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace busbar::gateway

// SPDX-License-Identifier: Apache-2.0
// The whole configuration file: which sections there are.
#include "config/config.hpp"

#include <algorithm>

#include "config/config_sections.hpp"
#include "config/text_rules.hpp"

namespace busbar::config {
namespace {

constexpr std::array<Name<bool>, 2> kNetworkManagers{{{"networkmanager", true}, {"none", false}}};

/// Reads a list of objects, one element of `out` each, also for a broken one: later checks speak of places.
template <class T>
void read_list(const Value& value, std::vector<T>& out, void (*read)(Section&, T&)) {
    value.each([&](const Value& item) {
        T& element = out.emplace_back();
        item.object([&](Section& section) { read(section, element); });
    });
}

template <class T>
void read_object(const Value& value, T& out, void (*read)(Section&, T&)) {
    value.object([&](Section& section) { read(section, out); });
}

void read_root(Section& root, Config& config) {
    std::string schema;  // for editors only
    root.may("$schema").text(schema, kAnyText);
    read_object(root.need("central_system"), config.central_system, read_central_system);
    read_list(root.may("buses"), config.buses, read_bus);
    root.may("charger_profile_dirs").each([&](const Value& item) {
        std::string dir;
        if (item.text(dir, {"a directory", kAnyText.accepts})) config.charger_profile_dirs.push_back(dir);
    });
    read_list(root.may("chargers"), config.chargers, read_charger);
    read_list(root.may("groups"), config.groups, read_group);
    read_list(root.may("uplinks"), config.uplinks, read_uplink);
    root.may("network").object(
        [&](Section& network) { network.may("manager").choice(config.network_manager, kNetworkManagers); });
    read_object(root.may("failover"), config.failover, read_failover);
    read_object(root.may("time"), config.time, read_time);
    const Value web = root.may("web");
    if (web.present()) read_object(web, config.web.emplace(), read_web);
    const Value mqtt = root.may("mqtt");
    if (mqtt.present()) read_object(mqtt, config.mqtt.emplace(), read_mqtt);
    read_object(root.may("transfers"), config.transfers, read_transfers);
    read_object(root.may("charging"), config.charging, read_charging);
    BoxSettings box;  // only judged here: box_settings_of() gives it
    read_box(root, box);
}

}  // namespace

Checked<Config> parse_config(std::string_view text) {
    Checked<Config> checked;
    read_json(text, checked.problems, [&](Section& root) {
        read_root(root, checked.value);
        check_references(checked.value, checked.problems);
    });
    return checked;
}

Checked<Config> load_config(const std::string& file) {
    Checked<Config> checked;
    const auto text = read_file(file, checked.problems);
    return text ? parse_config(*text) : checked;
}

std::string to_text(const std::string& file, const std::vector<Problem>& problems) {
    std::string out;
    for (const auto& problem : problems) {
        std::string line;
        for (const auto& part : {file, problem.path}) {
            if (!part.empty()) line += part + ": ";
        }
        line += problem.text;
        // Keys and texts of the file may hold line ends and terminal commands.
        const auto is_control = [](char c) { return (c >= 0 && c < ' ') || c == 0x7F; };
        std::replace_if(line.begin(), line.end(), is_control, '?');
        out += line + "\n";
    }
    return out;
}

}  // namespace busbar::config

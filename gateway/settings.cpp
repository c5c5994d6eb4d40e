// SPDX-License-Identifier: Apache-2.0
#include "gateway/settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <memory>
#include <set>

#include "adapters/make_charger.hpp"
#include "config/json_reader.hpp"
#include "gateway/backoff.hpp"
#include "gateway/field/shipped_profiles.hpp"
#include "gateway/time_zone.hpp"

namespace busbar::gateway {
namespace {

template <class Item>
void append(std::vector<Item>& all, std::vector<Item> more) {
    all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

std::vector<config::Problem> check_seeds(const config::Config& config) {
    std::vector<config::Problem> problems;
    for (std::size_t i = 0; i < config.chargers.size(); ++i) {
        for (const auto& [name, value] : config.chargers[i].configuration) {
            const auto problem = ocpp::Configuration::seed_problem(name, value);
            if (problem)
                problems.push_back({fmt::format("/chargers/{}/configuration/{}", i, name), *problem});
        }
    }
    return problems;
}

std::vector<config::Problem> check_time_zone(const config::Config& config) {
    if (auto problem = time_zone_problem(config.charging.time_zone))
        return {{"/charging/time_zone", std::move(*problem)}};
    return {};
}

/// The protocol of a bus is that of the first charger or meter on it; check_together() saw that all agree.
config::Protocol protocol_on(const config::Bus& bus, const GatewaySettings& settings) {
    const auto of = [&](const std::string& id) {
        const auto found = settings.profiles.find(id);
        return found == settings.profiles.end() ? config::Protocol::modbus : found->second.protocol;
    };
    for (const auto& charger : settings.config.chargers) {
        if (charger.bus == bus.id) return of(charger.profile);
        if (charger.meter && charger.meter->bus == bus.id) return of(charger.meter->profile);
    }
    return config::Protocol::modbus;
}

std::vector<config::Problem> check_buses(const GatewaySettings& settings) {
    std::vector<config::Problem> problems;
    const auto& buses = settings.config.buses;
    for (std::size_t i = 0; i < buses.size(); ++i) {
        const auto line = adapters::make_line(buses[i], protocol_on(buses[i], settings), {}, Log());
        if (!line) problems.push_back({fmt::format("/buses/{}/kind", i), line.error().detail});
    }
    return problems;
}

ocpp::AuthorizationMode mode_of(config::AuthorizationMode mode) {
    switch (mode) {
        case config::AuthorizationMode::free:
            return ocpp::AuthorizationMode::free;
        case config::AuthorizationMode::remote:
            return ocpp::AuthorizationMode::remote;
        case config::AuthorizationMode::rfid:
            return ocpp::AuthorizationMode::rfid;
    }
    return ocpp::AuthorizationMode::remote;
}

ocpp::ChargingTimes times_of(const config::Charging& charging) {
    // Settings are copied each time that a charge point starts anew: what is drawn must not repeat.
    const auto random = std::make_shared<std::function<double()>>(random_fraction());
    ocpp::ChargingTimes times{
        charging.random_delay, charging.delay_central_system, {}, [random] { return (*random)(); }};
    if (!charging.off_peak.empty())
        times.off_peak = ocpp::ChargingHours(charging.off_peak, local_offset(charging.time_zone));
    return times;
}

/// What is wrong in it is told with its file's name.
std::vector<config::Problem> read_hardware(const config::BoxSettings& box, config::Hardware& hardware) {
    const auto file = box.hardware.empty() ? std::string(config::usual_hardware_file) : box.hardware;
    std::error_code error;
    if (box.hardware.empty() && !std::filesystem::exists(file, error)) return {};
    auto read = config::load_hardware(file);
    for (auto& problem : read.problems) problem.path = file + ": " + problem.path;
    hardware = std::move(read.value);
    return std::move(read.problems);
}

/// The box's program is that of each modem which has none of its own.
void lend_modem_power(const config::Hardware& hardware, std::vector<config::Uplink>& uplinks) {
    if (!hardware.modem_power) return;
    for (auto& uplink : uplinks) {
        const bool lacks_one = uplink.kind == config::UplinkKind::gsm && uplink.modem_power.empty();
        if (lacks_one) uplink.modem_power = hardware.modem_power->program;
    }
}

std::set<std::string> profiles_named_in(const config::Config& config) {
    std::set<std::string> names;
    for (const auto& charger : config.chargers) {
        names.insert(charger.profile);
        if (charger.meter) names.insert(charger.meter->profile);
    }
    return names;
}

/// A shipped profile has its id for a name. Reading all of them takes longer than the rest of a start.
config::Checked<ProfileShelf::Library> read_profiles(const config::Config& config, Shipped which) {
    const auto names = profiles_named_in(config);
    auto profiles = config::load_profiles(config.charger_profile_dirs);
    auto shipped = config::load_profiles(shipped_profile_dirs(), [&](const std::string& name) {
        return which == Shipped::all || names.contains(name);
    });
    profiles.value.merge(std::move(shipped.value));
    append(profiles.problems, std::move(shipped.problems));
    return profiles;
}

ProfileShelf shelf_of(const config::Config& config) {
    auto dirs = config.charger_profile_dirs;
    append(dirs, shipped_profile_dirs());
    return ProfileShelf(std::move(dirs));
}

/// With its profiles, and all of it held against each other.
config::Checked<GatewaySettings> complete(config::Checked<config::Config> config, std::string_view text,
                                          Shipped which = Shipped::named) {
    config::Checked<GatewaySettings> settings;
    settings.value.box = config::box_settings_of(text);
    append(settings.problems, read_hardware(settings.value.box, settings.value.hardware));
    append(settings.problems, std::move(config.problems));
    settings.value.config = std::move(config.value);
    lend_modem_power(settings.value.hardware, settings.value.config.uplinks);

    settings.value.shelf = shelf_of(settings.value.config);
    auto profiles = read_profiles(settings.value.config, which);
    auto together = config::check_together(settings.value.config, profiles.value);
    if (!together.empty() && which == Shipped::named) {  // what is wrong is told with what there is instead
        profiles = read_profiles(settings.value.config, Shipped::all);
        together = config::check_together(settings.value.config, profiles.value);
    }
    append(settings.problems, std::move(profiles.problems));
    settings.value.profiles = std::move(profiles.value);
    append(settings.problems, std::move(together));
    append(settings.problems, check_seeds(settings.value.config));
    append(settings.problems, check_buses(settings.value));
    append(settings.problems, check_time_zone(settings.value.config));
    return settings;
}

}  // namespace

config::Checked<GatewaySettings> load_settings(const std::string& config_file, Shipped which) {
    config::Checked<config::Config> unread;
    const auto text = config::read_file(config_file, unread.problems);
    return text ? complete(config::parse_config(*text), *text, which)
                : complete(std::move(unread), "{}", which);
}

config::Checked<GatewaySettings> read_settings(std::string_view config_text) {
    return complete(config::parse_config(config_text), config_text);
}

std::vector<std::string> commissioning_warnings(const GatewaySettings& settings) {
    std::vector<std::string> texts;
    for (const auto& [path, text] : config::warnings_together(settings.config, settings.profiles))
        texts.push_back(fmt::format("{}: {}", path, text));
    return texts;
}

ocpp::Settings charge_point_settings(const config::Charger& charger, const config::Profile& profile,
                                     const config::Charging& charging) {
    ocpp::Settings settings;
    settings.id = charger.id;
    settings.authorization_key_is_hex = charger.password_encoding == config::PasswordEncoding::hex;
    settings.vendor = profile.vendor;
    settings.model = profile.model;
    settings.version = "busbar " BUSBAR_VERSION;
    settings.mode = mode_of(charger.mode);
    settings.id_tag = charger.id_tag;
    settings.connectors = config::connectors_of(charger, profile);
    settings.phases = charger.phases;
    settings.voltage = charger.voltage;
    settings.max_current = charger.max_current;
    if (profile.limit) settings.max_current = std::min(settings.max_current, Amperes(profile.limit->max_a));
    settings.lost_after = charger.lost_after;
    settings.configuration = charger.configuration;
    settings.times = times_of(charging);
    return settings;
}

}  // namespace busbar::gateway

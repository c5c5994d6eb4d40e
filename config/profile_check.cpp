// SPDX-License-Identifier: Apache-2.0
// The configuration against the profiles it names: what only the two files say together.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "config/nearest.hpp"
#include "config/profile.hpp"
#include "config/register_facts.hpp"
#include "config/spellings.hpp"

namespace busbar::config {
namespace {

using Problems = std::vector<Problem>;
using Library = std::map<std::string, Profile>;

std::string hint(const std::string& id, const Library& profiles) {
    std::vector<std::string> known;
    for (const auto& [name, profile] : profiles) known.push_back(name);
    const std::string nearest = did_you_mean(id, known);
    return nearest.empty() ? ": correct the name, or put its file into one of charger_profile_dirs" : nearest;
}

/// The profile, if it exists and is for a meter or for a charger as asked.
const Profile* find_profile(const std::string& path, const std::string& id, bool meter,
                            const Library& profiles, Problems& problems) {
    const auto found = profiles.find(id);
    if (found == profiles.end()) {
        problems.push_back(
            {path, fmt::format("no charger profile is called '{}'{}", id, hint(id, profiles))});
        return nullptr;
    }
    if (found->second.is_meter != meter) {
        problems.push_back(
            {path, meter ? fmt::format("'{}' is a charger: name a meter's profile", id)
                         : fmt::format("'{}' is a meter: it belongs under \"meter\" of a charger", id)});
        return nullptr;
    }
    return &found->second;
}

void check_bus_kind(const std::string& path, const std::string& bus_id, const Profile& profile,
                    const Config& config, Problems& problems) {
    const auto bus = std::find_if(config.buses.begin(), config.buses.end(),
                                  [&](const Bus& each) { return each.id == bus_id; });
    const auto& kinds = profile.bus_kinds;
    if (bus == config.buses.end() || std::find(kinds.begin(), kinds.end(), bus->kind) != kinds.end()) return;
    std::vector<std::string_view> names(kinds.size());
    std::transform(kinds.begin(), kinds.end(), names.begin(),
                   [](BusKind kind) { return name_of(kind, kBusKinds); });
    problems.push_back(
        {path, fmt::format("bus '{}' is of kind {}, but '{}' is for {}", bus_id,
                           name_of(bus->kind, kBusKinds), profile.id, fmt::join(names, ", "))});
}

void check_units(const std::string& path, const Charger& charger, const Profile& profile,
                 Problems& problems) {
    std::set<std::string> named;
    for (const auto& [name, reg] : profile.registers) named.insert(reg.unit_name);
    named.erase("");
    for (const auto& name : named) {
        if (charger.units.count(name) > 0) continue;
        problems.push_back(
            {path + "/units", fmt::format("'{}' needs the unit id of '{}': add it here", profile.id, name)});
    }
    for (const auto& [name, unit] : charger.units) {
        if (named.count(name) > 0) continue;
        problems.push_back({fmt::format("{}/units/{}", path, name),
                            fmt::format("'{}' has no unit of this name{}", profile.id,
                                        did_you_mean(name, {named.begin(), named.end()}))});
    }
}

void check_failsafe(const std::string& path, const Charger& charger, const Profile& profile,
                    Problems& problems) {
    const double current = charger.failsafe_current.value();
    for (const auto& required : profile.required) {
        if (!required.is_failsafe_current) continue;
        const auto why = misfit(profile.registers.at(required.reg), current, Rounding::to_step);
        if (why) problems.push_back({path, *why});
    }
    const Limit limit = profile.limit.value_or(Limit{});
    if (current > 0 && (current < limit.min_a || current > limit.max_a)) {
        problems.push_back(
            {path, fmt::format("must be 0, or {} to {} as '{}' can", limit.min_a, limit.max_a, profile.id)});
    }
}

void check_charger(const std::string& path, const Charger& charger, const Profile& profile,
                   Problems& problems) {
    check_units(path, charger, profile, problems);
    check_failsafe(path + "/failsafe_current_a", charger, profile, problems);
    if (charger.mode == AuthorizationMode::rfid && profile.measurements.id_tag.empty()) {
        problems.push_back({path + "/authorization/mode",
                            fmt::format("'{}' has no card reader: use free or remote", profile.id)});
    }
    const double least = profile.limit.value_or(Limit{}).min_a;
    if (charger.max_current.value() < least) {
        problems.push_back(
            {path + "/max_current_a",
             fmt::format("'{}' charges with no less than {} A: it never would", profile.id, least)});
    }
    if (charger.phases > profile.phases) {
        problems.push_back({path + "/phases",
                            fmt::format("'{}' uses at most {} of the phases", profile.id, profile.phases)});
    }
}

}  // namespace

int connectors_of(const Charger& charger, const Profile& profile) {
    const auto& units = profile.connectors.units;
    const auto named = std::count_if(
        units.begin(), units.end(), [&](const auto& entry) { return charger.units.count(entry.second) > 0; });
    return charger.connectors.value_or(1 + static_cast<int>(named));
}

std::vector<Problem> check_together(const Config& config, const Library& profiles) {
    Problems problems;
    for (std::size_t i = 0; i < config.chargers.size(); ++i) {
        const Charger& charger = config.chargers[i];
        const std::string path = fmt::format("/chargers/{}", i);
        if (const auto* profile =
                find_profile(path + "/profile", charger.profile, false, profiles, problems)) {
            check_bus_kind(path + "/bus", charger.bus, *profile, config, problems);
            check_charger(path, charger, *profile, problems);
        }
        if (!charger.meter) continue;
        const auto* meter =
            find_profile(path + "/meter/profile", charger.meter->profile, true, profiles, problems);
        if (meter != nullptr)
            check_bus_kind(path + "/meter/bus", charger.meter->bus, *meter, config, problems);
    }
    return problems;
}

}  // namespace busbar::config

// SPDX-License-Identifier: Apache-2.0
// Each charger of the configuration against the profile it names.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "config/nearest.hpp"
#include "config/profile.hpp"
#include "config/profile_together.hpp"
#include "config/register_facts.hpp"

namespace busbar::config {
namespace {

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

/// Unit names at which something of the profile is; sockets that are not in use are left out.
std::set<std::string> needed_units(const Charger& charger, const Profile& profile) {
    std::set<std::string> needed;
    for (const auto& [name, reg] : profile.registers) needed.insert(reg.unit_name);
    for (const auto& block : profile.read_limits.blocks) needed.insert(block.unit_name);
    const int connectors = connectors_of(charger, profile);
    for (const auto& [connector, name] : profile.connectors.units) {
        if (connector <= connectors) needed.insert(name);
    }
    needed.erase("");
    return needed;
}

void check_units(const std::string& path, const Charger& charger, const Profile& profile,
                 Problems& problems) {
    const auto needed = needed_units(charger, profile);
    const auto given = units_of(charger, profile);
    for (const auto& name : needed) {
        if (given.count(name) > 0) continue;
        problems.push_back(
            {path + "/units", fmt::format("'{}' needs the unit id of '{}': add it here", profile.id, name)});
    }
    std::set<std::string> known = needed;
    for (const auto& [connector, name] : profile.connectors.units) known.insert(name);
    for (const auto& [name, unit] : charger.units) {
        if (known.count(name) > 0) continue;
        problems.push_back({fmt::format("{}/units/{}", path, name),
                            fmt::format("'{}' has no unit of this name{}", profile.id,
                                        did_you_mean(name, {known.begin(), known.end()}))});
    }
}

void check_connectors(const std::string& path, const Charger& charger, const Profile& profile,
                      Problems& problems) {
    const int most = profile.connectors.most;
    if (charger.connectors.value_or(1) <= most) return;
    problems.push_back({path, most == 1 ? fmt::format("'{}' has one connector", profile.id)
                                        : fmt::format("'{}' has at most {} connectors", profile.id, most)});
}

/// KEBA's driver reads the card itself.
bool has_card_reader(const Profile& profile) {
    return profile.protocol == Protocol::keba || !profile.measurements.id_tag.empty();
}

void check_failsafe(const std::string& path, const Charger& charger, const Profile& profile,
                    Problems& problems) {
    const double current = charger.failsafe_current.value();
    for (const auto& required : profile.required) {
        if (!required.is_failsafe_current || (current <= 0 && required.pause_value)) continue;
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
    check_connectors(path + "/connectors", charger, profile, problems);
    check_units(path, charger, profile, problems);
    check_failsafe(path + "/failsafe_current_a", charger, profile, problems);
    if (charger.mode == AuthorizationMode::rfid && !has_card_reader(profile)) {
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

std::map<std::string, int> units_of(const Charger& charger, const Profile& profile) {
    auto units = charger.units;
    for (const auto& [name, usual] : profile.units) {
        if (usual) units.emplace(name, *usual);
    }
    return units;
}

std::vector<Problem> check_together(const Config& config, const Library& profiles) {
    Problems problems;
    for (std::size_t i = 0; i < config.chargers.size(); ++i) {
        const Charger& charger = config.chargers[i];
        const std::string path = fmt::format("/chargers/{}", i);
        const auto* profile = find_profile(path + "/profile", charger.profile, false, profiles, problems);
        if (profile != nullptr) check_charger(path, charger, *profile, problems);
        if (charger.meter)
            find_profile(path + "/meter/profile", charger.meter->profile, true, profiles, problems);
    }
    check_buses_together(config, profiles, problems);
    return problems;
}

}  // namespace busbar::config

// SPDX-License-Identifier: Apache-2.0
// The buses against the profiles of all that hangs on them.
#include <fmt/format.h>

#include <algorithm>

#include "config/profile_together.hpp"
#include "config/spellings.hpp"

namespace busbar::config {
namespace {

/// A charger or a meter on its bus.
struct Placed {
    std::string path;  ///< "/chargers/0/" or "/chargers/0/meter/"
    std::string bus;
    int unit;
    const Profile* profile;
    const Charger* charger;  ///< null for a meter
};

std::vector<Placed> all_placed(const Config& config, const Library& profiles) {
    std::vector<Placed> out;
    const auto place = [&](std::string path, const std::string& bus, int unit, const std::string& id,
                           const Charger* charger) {
        const auto found = profiles.find(id);
        if (found == profiles.end() || found->second.is_meter == (charger != nullptr)) return;
        out.push_back({std::move(path), bus, unit, &found->second, charger});
    };
    for (std::size_t i = 0; i < config.chargers.size(); ++i) {
        const Charger& charger = config.chargers[i];
        const std::string path = fmt::format("/chargers/{}/", i);
        place(path, charger.bus, charger.unit_id, charger.profile, &charger);
        if (!charger.meter) continue;
        place(path + "meter/", charger.meter->bus, charger.meter->unit_id, charger.meter->profile, nullptr);
    }
    return out;
}

void check_kind(const Placed& placed, const Config& config, Problems& problems) {
    const auto bus = std::find_if(config.buses.begin(), config.buses.end(),
                                  [&](const Bus& each) { return each.id == placed.bus; });
    const auto& kinds = placed.profile->bus_kinds;
    if (bus == config.buses.end() || std::find(kinds.begin(), kinds.end(), bus->kind) != kinds.end()) return;
    std::vector<std::string_view> names(kinds.size());
    std::transform(kinds.begin(), kinds.end(), names.begin(),
                   [](BusKind kind) { return name_of(kind, kBusKinds); });
    problems.push_back({placed.path + "bus", fmt::format("bus '{}' is of kind {}, but '{}' is for {}",
                                                         placed.bus, name_of(bus->kind, kBusKinds),
                                                         placed.profile->id, fmt::join(names, ", "))});
}

/// These protocols carry no address: whatever is sent reaches the one box.
bool has_no_address(Protocol protocol) {
    return protocol == Protocol::rapi || protocol == Protocol::keba || protocol == Protocol::frames;
}

/// Against the first on the same bus.
void check_protocol(const Placed& placed, const std::vector<Placed>& all, Problems& problems) {
    const auto first =
        std::find_if(all.begin(), all.end(), [&](const Placed& each) { return each.bus == placed.bus; });
    if (first == all.end() || first->path == placed.path) return;
    if (first->profile->protocol != placed.profile->protocol) {
        problems.push_back(
            {placed.path + "bus",
             fmt::format("bus '{}' cannot carry '{}' and '{}', which speak different protocols: "
                         "give each a bus of its own",
                         placed.bus, first->profile->id, placed.profile->id)});
    } else if (has_no_address(placed.profile->protocol)) {
        problems.push_back(
            {placed.path + "bus",
             fmt::format("bus '{}' has a charger, and '{}' shares with none: its protocol has no "
                         "addresses",
                         placed.bus, placed.profile->id)});
    }
}

/// Unit ids that the configuration does not write, because the profile knows them.
void check_usual_units(const Placed& placed, const std::vector<Placed>& all, Problems& problems) {
    if (placed.charger == nullptr) return;
    for (const auto& [name, usual] : placed.profile->units) {
        if (!usual || placed.charger->units.count(name) > 0) continue;
        const auto takes_it = [&, unit = *usual](const Placed& each) {
            if (each.bus != placed.bus) return false;
            if (each.unit == unit) return true;
            if (each.charger == nullptr || each.path == placed.path) return false;
            const auto units = units_of(*each.charger, *each.profile);
            return std::any_of(units.begin(), units.end(),
                               [&](const auto& other) { return other.second == unit; });
        };
        const auto other = std::find_if(all.begin(), all.end(), takes_it);
        if (other == all.end()) continue;
        problems.push_back(
            {placed.path + "units",
             fmt::format("'{}' of '{}' is usually unit {}, which {} has on bus '{}': give '{}' the "
                         "id it was set to",
                         name, placed.profile->id, *usual, other->path.substr(0, other->path.size() - 1),
                         placed.bus, name)});
    }
}

}  // namespace

void check_buses_together(const Config& config, const Library& profiles, Problems& problems) {
    const auto all = all_placed(config, profiles);
    for (const auto& placed : all) {
        check_kind(placed, config, problems);
        check_protocol(placed, all, problems);
        check_usual_units(placed, all, problems);
    }
}

}  // namespace busbar::config

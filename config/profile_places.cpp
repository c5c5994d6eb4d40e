// SPDX-License-Identifier: Apache-2.0
// connectors and units: where else than at the charger's own unit id and address its values are.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "config/nearest.hpp"
#include "config/profile_sections.hpp"
#include "config/text_rules.hpp"

namespace busbar::config {
namespace {

constexpr int kMostConnectors = 64;
constexpr int kMostStride = 32'767;

std::set<std::string> used_units(const Profile& profile) {
    std::set<std::string> used;
    for (const auto& [name, reg] : profile.registers) used.insert(reg.unit_name);
    for (const auto& block : profile.read_limits.blocks) used.insert(block.unit_name);
    for (const auto& [connector, name] : profile.connectors.units) used.insert(name);
    return used;
}

void read_connector_unit(const std::string& key, const Value& item, Connectors& out) {
    std::string unit;
    if (!item.text(unit, kName)) return;
    for (int connector = 2; connector <= out.most; ++connector) {
        if (key != std::to_string(connector)) continue;
        out.units[connector] = unit;
        return;
    }
    item.problem(
        fmt::format("the key must be the number of a connector, \"2\" to \"{}\": the first is at "
                    "the charger's own unit id",
                    out.most));
}

/// Nothing would tell connector 2 from connector 1.
bool connectors_are_one(const Profile& profile) {
    const auto moves = [](const auto& entry) { return entry.second.stride.value_or(0) != 0; };
    return profile.connectors.most > 1 && profile.connectors.stride == 0 &&
           profile.connectors.units.empty() &&
           std::none_of(profile.registers.begin(), profile.registers.end(), moves);
}

}  // namespace

void read_connectors(Section& section, Connectors& out) {
    const bool counted = section.need("most").integer(out.most, {2, kMostConnectors});
    section.may("stride").integer(out.stride, {0, kMostStride});
    section.may("units").members([&](const std::string& key, const Value& item) {
        if (counted) read_connector_unit(key, item, out);
    });
}

void read_units(const Value& value, Profile& profile) {
    value.members([&](const std::string& name, const Value& item) {
        if (!kName.accepts(name)) item.problem(fmt::format("the unit's name must be {}", kName.must_be));
        auto& usual = profile.units[name];
        item.object([&](Section& section) { section.may("unit_id").integer(usual, {0, 255}); });
    });
}

void check_places(const Section& root, const Profile& profile) {
    const auto used = used_units(profile);
    for (const auto& [name, usual] : profile.units) {
        if (used.count(name) > 0) continue;
        root.problem_at("/units/" + name, "no register, block or connector is at this unit" +
                                              did_you_mean(name, {used.begin(), used.end()}));
    }
    if (connectors_are_one(profile)) {
        root.problem("connectors", "are all at the same place: give stride, units, or a register's stride");
    }
    if (profile.connectors.most > 1) return;
    for (const auto& [name, reg] : profile.registers) {
        if (!reg.stride) continue;
        root.problem_at(fmt::format("/registers/{}/stride", name),
                        "has nothing to count: say with connectors how many there are");
    }
}

}  // namespace busbar::config

// SPDX-License-Identifier: Apache-2.0
// The limit has its registers for itself: two that write the same bits would undo each other, for ever.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/profile_sections.hpp"
#include "config/register_facts.hpp"

namespace busbar::config {
namespace {

/// Both write at least one bit of the same register, wherever connectors move them. Those that exist under
/// different conditions count as apart: they are two layouts.
bool same_bits(const Register& a, const Register& b) {
    constexpr std::uint64_t kAll = UINT64_MAX;
    const bool touch = a.unit_name == b.unit_name && a.table == b.table && a.address < b.address + b.count &&
                       b.address < a.address + a.count;
    const bool one_layout = a.when.empty() || b.when.empty() || a.when == b.when;
    const bool apart = a.address == b.address && (a.mask.value_or(kAll) & b.mask.value_or(kAll)) == 0;
    return touch && one_layout && !apart;
}

/// The registers that something beside the limit writes all the time or at each start, with their places.
std::vector<std::pair<std::string, std::string>> others(const Profile& profile) {
    std::vector<std::pair<std::string, std::string>> found;
    if (profile.enable) found.emplace_back("/enable/register", profile.enable->reg);
    if (!profile.watchdog.reg.empty()) found.emplace_back("/watchdog/register", profile.watchdog.reg);
    for (std::size_t i = 0; i < profile.required.size(); ++i)
        found.emplace_back(fmt::format("/required/{}/register", i), profile.required[i].reg);
    return found;
}

void check_others(const Section& root, const Profile& profile) {
    for (const auto& [place, other] : others(profile)) {
        for (const auto& name : profile.limit->registers) {
            if (!same_bits(profile.registers.at(other), profile.registers.at(name))) continue;
            root.problem_at(
                place, fmt::format("writes the bits of '{}', which /limit/registers writes: the "
                                   "two would overwrite each other; give each its mask, or leave one out",
                                   name));
        }
    }
}

void check_twice(const Section& root, const Profile& profile) {
    const auto& names = profile.limit->registers;
    for (std::size_t i = 0; i < names.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            if (!same_bits(profile.registers.at(names[i]), profile.registers.at(names[j]))) continue;
            root.problem_at(fmt::format("/limit/registers/{}", i),
                            fmt::format("is at the place of /limit/registers/{}: name it once", j));
        }
    }
}

/// Where connector `n` has the register: its unit's name and its address.
std::pair<std::string, int> place_of(const Register& reg, const Connectors& connectors, int n) {
    const auto unit = connectors.units.find(n);
    const bool moves_unit = reg.stride != 0 && reg.unit_name.empty() && unit != connectors.units.end();
    return {moves_unit ? unit->second : reg.unit_name,
            reg.address + (n - 1) * reg.stride.value_or(connectors.stride)};
}

/// The connectors that would write one place, if there are such.
std::optional<std::pair<int, int>> sharers(const Register& reg, const Connectors& connectors) {
    for (int n = 2; n <= connectors.most; ++n) {
        for (int earlier = 1; earlier < n; ++earlier) {
            if (place_of(reg, connectors, n) == place_of(reg, connectors, earlier)) return {{earlier, n}};
        }
    }
    return std::nullopt;
}

void check_connectors(const Section& root, const Profile& profile) {
    auto names = profile.limit->registers;
    if (profile.enable) names.push_back(profile.enable->reg);
    for (const auto& name : names) {
        const auto shared = sharers(profile.registers.at(name), profile.connectors);
        if (!shared) continue;
        root.problem_at(
            fmt::format("/registers/{}", name),
            fmt::format("is one register for the limits of connectors {0} and {1}, which would "
                        "overwrite each other: give it a stride, or connector {1} a unit in "
                        "/connectors/units; a box with one limit for all its sockets is a charger "
                        "with one connector",
                        shared->first, shared->second));
    }
}

}  // namespace

void check_limit_places(const Section& root, const Profile& profile) {
    if (!profile.limit || !has_register_map(profile.protocol)) return;
    check_others(root, profile);
    check_twice(root, profile);
    check_connectors(root, profile);
}

}  // namespace busbar::config

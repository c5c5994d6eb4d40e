// SPDX-License-Identifier: Apache-2.0
// What works and still should be known by who commissions.
#include <fmt/format.h>

#include <algorithm>

#include "config/profile_together.hpp"

namespace busbar::config {
namespace {

const Profile* profile_of(const std::string& id, const Library& profiles) {
    const auto found = profiles.find(id);
    return found == profiles.end() ? nullptr : &found->second;
}

void warn_of_full_power(const Config& config, const Library& profiles, Problems& warnings) {
    for (std::size_t i = 0; i < config.chargers.size(); ++i) {
        const Profile* profile = profile_of(config.chargers[i].profile, profiles);
        if (profile == nullptr || profile->fallback != Fallback::full_power) continue;
        warnings.push_back(
            {fmt::format("/chargers/{}/profile", i),
             fmt::format(
                 "when the gateway dies, '{}' returns to its own maximum: \"{}\" While the gateway runs "
                 "it re-arms the box in time; protect the feed for the box's maximum, or set it lower "
                 "at the box",
                 profile->id, profile->when_gateway_dies)});
    }
}

bool is_tcp(const Bus& bus) {
    return bus.kind == BusKind::tcp || bus.kind == BusKind::rtu_over_tcp;
}

/// The first profile on the bus whose box serves one connection only.
const Profile* single_client_on(const std::string& bus, const Config& config, const Library& profiles) {
    for (const auto& charger : config.chargers) {
        const Profile* profile = charger.bus == bus ? profile_of(charger.profile, profiles) : nullptr;
        if (profile != nullptr && profile->single_client) return profile;
        const bool metered = charger.meter && charger.meter->bus == bus;
        const Profile* meter = metered ? profile_of(charger.meter->profile, profiles) : nullptr;
        if (meter != nullptr && meter->single_client) return meter;
    }
    return nullptr;
}

void warn_of_second_connections(const Config& config, const Library& profiles, Problems& warnings) {
    const auto& buses = config.buses;
    for (std::size_t i = 0; i < buses.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            const bool same = is_tcp(buses[i]) && is_tcp(buses[j]) && buses[i].host == buses[j].host &&
                              buses[i].port == buses[j].port;
            if (!same) continue;
            const Profile* here = single_client_on(buses[i].id, config, profiles);
            const Profile* single = here != nullptr ? here : single_client_on(buses[j].id, config, profiles);
            if (single == nullptr) continue;
            warnings.push_back(
                {fmt::format("/buses/{}/host", i),
                 fmt::format(
                     "is the box of /buses/{} too, and '{}' serves one connection only: one of the two "
                     "will stay without an answer; put all its chargers and meters on one bus",
                     j, single->id)});
        }
    }
}

void warn_of_small_groups(const Config& config, const Library& profiles, Problems& warnings) {
    for (std::size_t i = 0; i < config.groups.size(); ++i) {
        const Group& group = config.groups[i];
        const double all = group.max_current.value();
        const double share = all / static_cast<double>(std::max<std::size_t>(group.chargers.size(), 1));
        for (const auto& charger : config.chargers) {
            if (std::count(group.chargers.begin(), group.chargers.end(), charger.id) == 0) continue;
            const Profile* profile = profile_of(charger.profile, profiles);
            const double least = profile != nullptr && profile->limit ? profile->limit->min_a : 0;
            if (least <= share) continue;
            const std::string what =
                all < least ? fmt::format("'{}' needs {} A and never gets as much: it never charges",
                                          charger.id, least)
                            : fmt::format(
                                  "'{}' needs {} A, and an equal share of the group is {:.3g} A: it waits "
                                  "while the others charge",
                                  charger.id, least, share);
            warnings.push_back({fmt::format("/groups/{}/max_current_a", i), what});
        }
    }
}

}  // namespace

std::vector<Problem> warnings_together(const Config& config, const Library& profiles) {
    Problems warnings;
    warn_of_full_power(config, profiles, warnings);
    warn_of_second_connections(config, profiles, warnings);
    warn_of_small_groups(config, profiles, warnings);
    return warnings;
}

}  // namespace busbar::config

// SPDX-License-Identifier: Apache-2.0
// What no section of the configuration can see alone: names that clash or point nowhere, two boxes at one
// address.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "config/config_sections.hpp"
#include "config/nearest.hpp"

namespace busbar::config {
namespace {

using Problems = std::vector<Problem>;

/// Reports each element whose `member` an earlier element has too. Empty texts were reported when read.
template <class T>
void check_unique(const std::vector<T>& list, std::string T::*member, std::string_view where,
                  std::string_view key, Problems& problems) {
    for (std::size_t i = 1; i < list.size(); ++i) {
        const auto& text = list[i].*member;
        const auto same = [&](const T& other) { return other.*member == text; };
        const auto first = std::find_if(list.begin(), list.end(), same) - list.begin();
        if (text.empty() || first == static_cast<std::ptrdiff_t>(i)) continue;
        problems.push_back({fmt::format("{}/{}/{}", where, i, key),
                            fmt::format("'{}' is taken by {}/{}: each needs its own", text, where, first)});
    }
}

const Bus* find_bus(const Config& config, const std::string& id) {
    const auto found =
        std::find_if(config.buses.begin(), config.buses.end(), [&](const Bus& bus) { return bus.id == id; });
    return found == config.buses.end() ? nullptr : &*found;
}

/// Which box answers at which address of which bus.
class Addresses {
  public:
    Addresses(const Config& config, Problems& problems) : config_(config), problems_(problems) {}

    void check_bus(const std::string& path, const std::string& bus) {
        if (bus.empty() || find_bus(config_, bus) != nullptr) return;
        std::vector<std::string> known;
        for (const auto& each : config_.buses) known.push_back(each.id);
        const std::string hint = did_you_mean(bus, known);
        problems_.push_back(
            {path, fmt::format("no bus has the id '{}'{}", bus,
                               hint.empty() ? ": add it to buses or correct the name" : hint)});
    }

    void claim(const std::string& path, const std::string& bus_id, int unit) {
        const Bus* bus = find_bus(config_, bus_id);
        if (bus == nullptr) return;
        // 0 is broadcast and 248 to 255 are reserved on a serial line; over TCP both mean "the box itself".
        if (bus->kind != BusKind::tcp && (unit < 1 || unit > 247)) {
            problems_.push_back({path, fmt::format("must be 1 to 247 on this bus, not {}", unit)});
        }
        for (const auto& taken : taken_) {
            if (taken.bus != bus_id || taken.unit != unit) continue;
            problems_.push_back(
                {path, fmt::format("unit {} of bus '{}' is taken by {}: each box needs its own", unit, bus_id,
                                   taken.path)});
            return;
        }
        taken_.push_back({path, bus_id, unit});
    }

  private:
    struct Taken {
        std::string path;
        std::string bus;
        int unit;
    };
    const Config& config_;
    Problems& problems_;
    std::vector<Taken> taken_;
};

void check_addresses(const Config& config, Problems& problems) {
    Addresses addresses(config, problems);
    for (std::size_t i = 0; i < config.chargers.size(); ++i) {
        const Charger& charger = config.chargers[i];
        const std::string path = fmt::format("/chargers/{}", i);
        addresses.check_bus(path + "/bus", charger.bus);
        addresses.claim(path + "/unit_id", charger.bus, charger.unit_id);
        for (const auto& [name, unit] : charger.units) {
            addresses.claim(fmt::format("{}/units/{}", path, name), charger.bus, unit);
        }
        if (!charger.meter) continue;
        if (charger.meter->bus != charger.bus) addresses.check_bus(path + "/meter/bus", charger.meter->bus);
        addresses.claim(path + "/meter/unit_id", charger.meter->bus, charger.meter->unit_id);
    }
}

/// OCPP compares key names without case.
void check_keys(const Config& config, Problems& problems) {
    const auto lower = [](std::string text) {
        std::transform(text.begin(), text.end(), text.begin(),
                       [](unsigned char c) { return std::tolower(c); });
        return text;
    };
    for (std::size_t i = 0; i < config.chargers.size(); ++i) {
        std::map<std::string, std::string> seen;
        for (const auto& entry : config.chargers[i].configuration) {
            const auto [first, fresh] = seen.emplace(lower(entry.first), entry.first);
            if (fresh) continue;
            problems.push_back({fmt::format("/chargers/{}/configuration/{}", i, entry.first),
                                fmt::format("is the same OCPP key as '{}': keep one", first->second)});
        }
    }
}

std::string nearest_charger(const Config& config, const std::string& id) {
    std::vector<std::string> known;
    for (const auto& charger : config.chargers) known.push_back(charger.id);
    const std::string hint = did_you_mean(id, known);
    return hint.empty() ? ": add it to chargers or correct the name" : hint;
}

void check_groups(const Config& config, Problems& problems) {
    check_unique(config.groups, &Group::id, "/groups", "id", problems);
    std::map<std::string, std::string> members;
    for (const auto& charger : config.chargers) members.emplace(charger.id, "");
    for (std::size_t i = 0; i < config.groups.size(); ++i) {
        for (std::size_t j = 0; j < config.groups[i].chargers.size(); ++j) {
            const std::string& id = config.groups[i].chargers[j];
            const std::string path = fmt::format("/groups/{}/chargers/{}", i, j);
            const auto member = members.find(id);
            if (member == members.end()) {
                problems.push_back(
                    {path, fmt::format("no charger has the id '{}'{}", id, nearest_charger(config, id))});
            } else if (!member->second.empty()) {
                problems.push_back(
                    {path, fmt::format("'{}' stands at {} already: a charger is in one group at most", id,
                                       member->second)});
            } else {
                member->second = path;
            }
        }
    }
}

void check_uplinks(const Config& config, Problems& problems) {
    check_unique(config.uplinks, &Uplink::id, "/uplinks", "id", problems);
    check_unique(config.uplinks, &Uplink::interface, "/uplinks", "interface", problems);
    const auto is_local = [](const Uplink& uplink) { return uplink.local_only; };
    if (!config.uplinks.empty() && std::all_of(config.uplinks.begin(), config.uplinks.end(), is_local)) {
        problems.push_back(
            {"/uplinks", "all are \"local\": at least one needs the role \"uplink\", or leave out uplinks"});
    }
}

}  // namespace

void check_references(const Config& config, Problems& problems) {
    check_unique(config.buses, &Bus::id, "/buses", "id", problems);
    check_unique(config.buses, &Bus::device, "/buses", "device", problems);
    check_unique(config.chargers, &Charger::id, "/chargers", "id", problems);
    check_addresses(config, problems);
    check_keys(config, problems);
    check_groups(config, problems);
    check_uplinks(config, problems);
}

}  // namespace busbar::config

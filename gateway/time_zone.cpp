// SPDX-License-Identifier: Apache-2.0
#include "gateway/time_zone.hpp"

#include <date/tz.h>
#include <fmt/format.h>

#include <exception>

namespace busbar::gateway {
namespace {

/// Null: there is none, or no database.
const date::time_zone* find_zone(const std::string& name) {
    try {
        return name.empty() ? date::current_zone() : date::locate_zone(name);
    } catch (const std::exception&) {
        return nullptr;
    }
}

seconds offset_of(const date::time_zone& zone, UtcTime at) {
    try {
        return zone.get_info(at).offset;
    } catch (const std::exception&) {  // a damaged file
        return seconds(0);
    }
}

}  // namespace

std::optional<std::string> time_zone_problem(const std::string& name) {
    if (name.empty() || find_zone(name) != nullptr) return std::nullopt;
    return fmt::format(
        "the time zone database (/usr/share/zoneinfo) has no '{}': write it as there, such as Europe/London",
        name);
}

std::function<seconds(UtcTime)> local_offset(const std::string& zone) {
    return [found = find_zone(zone)](UtcTime at) {
        return found == nullptr ? seconds(0) : offset_of(*found, at);
    };
}

}  // namespace busbar::gateway

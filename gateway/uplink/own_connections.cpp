// SPDX-License-Identifier: Apache-2.0
#include "gateway/uplink/own_connections.hpp"

#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <random>
#include <string_view>

#include "gateway/uplink/connection_profiles.hpp"
#include "gateway/uplink/device_facts.hpp"
#include "gateway/uplink/system_bus.hpp"

namespace busbar::gateway {
namespace {

constexpr milliseconds patience{5000};
constexpr std::size_t family_letters = 24;  // "3b0f5c1e-6d0a-4c39-9d2e-"
constexpr const char* settings_path = "/org/freedesktop/NetworkManager/Settings";
constexpr const char* settings = "org.freedesktop.NetworkManager.Settings";

/// All our UUIDs begin as that of the GSM connection does.
constexpr std::string_view family = std::string_view(gsm_profile_uuid).substr(0, family_letters);

template <class T>
const T* first(const Result<SystemBus::Values>& values) {
    return values && !values->empty() ? std::get_if<T>(&values->front().as) : nullptr;
}

std::string uuid_of(SystemBus& bus, const std::string& path) {
    const auto answer = bus.call_and_wait({nm::service, path, nm::profile, "GetSettings", {}, patience});
    const auto* profile = first<dbus::Sections>(answer);
    if (profile == nullptr || !profile->contains("connection")) return {};
    return dbus::get<std::string>(profile->at("connection"), "uuid");
}

}  // namespace

std::string own_connection_uuid() {
    std::random_device random;
    return fmt::format("{}{:08x}{:04x}", family, random() & 0xFFFFFFFFU, random() & 0xFFFFU);
}

bool is_own_connection(const std::string& uuid) {
    return uuid.starts_with(family);
}

void forget_own_connections(const Log& log) {
    boost::asio::io_context loop(1);
    const auto bus = SystemBus::connect(loop, [] {});
    if (!bus) return;
    const auto listed =
        (*bus)->call_and_wait({nm::service, settings_path, settings, "ListConnections", {}, patience});
    const auto* paths = first<std::vector<dbus::ObjectPath>>(listed);
    if (paths == nullptr) return;
    for (const auto& path : *paths) {
        if (!is_own_connection(uuid_of(**bus, path.text))) continue;
        const auto gone =
            (*bus)->call_and_wait({nm::service, path.text, nm::profile, "Delete", {}, patience});
        if (!gone) {
            log.error("connection_not_forgotten",
                      "A connection of NetworkManager could not be removed: " + gone.error().detail);
        }
    }
}

}  // namespace busbar::gateway

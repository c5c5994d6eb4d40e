// SPDX-License-Identifier: Apache-2.0
// What NetworkManager is asked for: profiles and what is changed in them. Pure.
// Names: NetworkManager's nm-settings-dbus(5).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gateway/base/result.hpp"
#include "gateway/base/secret.hpp"
#include "gateway/uplink/dbus_value.hpp"

namespace busbar::gateway {

struct RankedInterface {
    std::string interface;
    int priority = 1;  ///< the least is preferred
    bool chosen = false;
    bool offline = false;  ///< does not lead outside just now
};

/// By interface, for its default routes: 50 for the chosen, the others behind it by priority, those offline
/// far behind. All keep a route: probes through them need one.
std::map<std::string, std::int64_t> route_metrics(std::vector<RankedInterface> interfaces);

/// False: it had that metric already.
bool set_route_metric(dbus::Sections& profile, std::int64_t metric);

struct WifiLogin {
    std::string ssid;     ///< 1 to 32 bytes
    Secret key{};         ///< 8 to 63 characters, or 64 hexadecimal digits; empty: an open network
    bool hidden = false;  ///< does not tell its name
};

/// Error: invalid, in words for whoever typed it.
Result<dbus::Sections> wifi_profile(const WifiLogin& login, const std::string& interface);

/// The access point for set-up: 2.4 GHz, a fixed channel that every phone has, WPA2 only, 192.168.42.1/24
/// with DHCP. It leads to the box and no further: a routing rule prohibits what comes in there to go on, as
/// sharing would have it do (at the cost of GSM, too). It never opens by itself. Errors as above; an open
/// access point is refused.
Result<dbus::Sections> access_point_profile(const WifiLogin& login, const std::string& interface);

struct GsmAccess {
    std::string apn{};  ///< "": the network's own
    std::string user{};
    Secret password{};
    bool metered = false;
};

/// By the same UUID at all times: there is one. With an APN it goes before a person's own profile, without
/// behind. The SIM's PIN is not in it: ModemCare sends that, once.
dbus::Sections gsm_profile(const GsmAccess& access);
inline constexpr const char* gsm_profile_uuid = "3b0f5c1e-6d0a-4c39-9d2e-5a1f0c7be4d6";

struct StaticAddress {
    std::string address;  ///< IPv4
    std::uint32_t prefix = 24;
    std::string gateway{};  ///< "": none
    std::vector<std::string> name_servers{};
};

/// IPv4 of a profile: as given, or by DHCP. Error: invalid.
Result<void> set_ipv4(dbus::Sections& profile, const std::optional<StaticAddress>& address);

}  // namespace busbar::gateway

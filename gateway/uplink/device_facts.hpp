// SPDX-License-Identifier: Apache-2.0
// What NetworkManager's objects say about a device, in a person's words. Pure.
// Numbers: NMDeviceState, NMDeviceStateReason, NM80211ApSecurityFlags of NetworkManager's "D-Bus API: Types".
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gateway/uplink/dbus_value.hpp"
#include "gateway/uplink/interface_facts.hpp"

namespace busbar::gateway {

namespace nm {
inline constexpr const char* service = "org.freedesktop.NetworkManager";
inline constexpr const char* root = "/org/freedesktop";
inline constexpr const char* manager_path = "/org/freedesktop/NetworkManager";
inline constexpr const char* device = "org.freedesktop.NetworkManager.Device";
inline constexpr const char* wireless = "org.freedesktop.NetworkManager.Device.Wireless";
inline constexpr const char* active_connection = "org.freedesktop.NetworkManager.Connection.Active";
inline constexpr const char* access_point = "org.freedesktop.NetworkManager.AccessPoint";
inline constexpr const char* ip4 = "org.freedesktop.NetworkManager.IP4Config";
inline constexpr const char* ip6 = "org.freedesktop.NetworkManager.IP6Config";
inline constexpr const char* profile = "org.freedesktop.NetworkManager.Settings.Connection";

inline constexpr std::uint32_t state_need_auth = 60;
inline constexpr std::uint32_t state_activated = 100;
inline constexpr std::uint32_t state_failed = 120;
}  // namespace nm

/// By the path of a device: why it failed last (NMDeviceStateReason). The device itself forgets it within
/// moments.
using DeviceFailures = std::map<std::string, std::uint32_t>;

enum class NetworkKind { other, wifi, modem };

struct NetworkDevice {
    std::string path;
    std::string interface;  ///< of its addresses; of a modem without any, that of its control port
    NetworkKind kind = NetworkKind::other;
    std::uint32_t state = 0;          ///< NMDeviceState; 0 where it says none
    bool external = false;            ///< configured by somebody else; NetworkManager watches
    std::string active_connection{};  ///< path; "" none
    std::string profile{};            ///< path of the settings in use; "" none
    InterfaceFacts facts{};           ///< but for `present` and `carrier`, which the kernel knows better
    friend bool operator==(const NetworkDevice&, const NetworkDevice&) = default;
};

/// Whatever is missing or of an unknown kind is left out.
std::vector<NetworkDevice> network_devices(const dbus::Objects& objects, const DeviceFailures& failures);

/// Null: there is none. A modem without an address is found by `modem_interface`, the one it will have.
const NetworkDevice* device_of(const std::vector<NetworkDevice>& devices, const std::string& interface,
                               const std::string& modem_interface);

/// To follow the name of the uplink: "is not connected: no SIM"; "" while there is nothing to complain of.
/// `failure`: of the attempt before, if the state tells none.
std::string hindrance_of(std::uint32_t state, std::uint32_t reason, std::optional<std::uint32_t> failure,
                         NetworkKind kind);
/// "wrong WiFi password"; "" for reasons that say nothing to a person.
std::string words_for(std::uint32_t reason, NetworkKind kind);

/// The kernel's facts, and what the manager adds to them.
InterfacesFacts merged(InterfacesFacts kernel, const std::vector<NetworkDevice>& devices,
                       const std::string& modem_interface);

struct WifiNetwork {
    std::string ssid;
    int strength = 0;   ///< percent
    int frequency = 0;  ///< MHz
    bool secured = false;
    bool enterprise = false;  ///< needs more than a password
    friend bool operator==(const WifiNetwork&, const WifiNetwork&) = default;
};

/// What the device at `device_path` hears, each name once by its strongest transmitter, strongest first;
/// without hidden networks.
std::vector<WifiNetwork> wifi_networks(const dbus::Objects& objects, const std::string& device_path);

}  // namespace busbar::gateway

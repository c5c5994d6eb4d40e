// SPDX-License-Identifier: Apache-2.0
#include "gateway/uplink/device_facts.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <utility>

namespace busbar::gateway {
namespace {

using dbus::Dict;
using dbus::get;

constexpr std::uint32_t type_wifi = 2;
constexpr std::uint32_t type_modem = 8;
constexpr std::uint32_t flag_external = 0x80;  // NMActivationStateFlags
constexpr std::uint32_t key_management_802_1x = 0x200;
constexpr std::uint32_t ap_privacy = 1;

constexpr std::uint32_t state_unavailable = 20;
constexpr std::uint32_t state_disconnected = 30;
constexpr std::uint32_t state_ip_config = 70;
constexpr std::uint32_t state_deactivating = 110;

const Dict& interface_of(const dbus::Objects& objects, const std::string& path, const std::string& name) {
    static const Dict nothing;
    const auto object = objects.find(path);
    if (object == objects.end()) return nothing;
    const auto interface = object->second.find(name);
    return interface == object->second.end() ? nothing : interface->second;
}

/// "/" stands for no object.
std::string path_in(const Dict& dict, const std::string& key) {
    const auto* path = dbus::find<dbus::ObjectPath>(dict, key);
    return path == nullptr || path->text == "/" ? "" : path->text;
}

std::string text_of(const dbus::Bytes& address) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    const bool is_ipv6 = address.size() == sizeof(in6_addr);
    if (!is_ipv6 || inet_ntop(AF_INET6, address.data(), text.data(), text.size()) == nullptr) return {};
    return text.data();
}

bool is_link_local(const std::string& address) {
    return address.empty() || address.starts_with("169.254.") || address.starts_with("fe80:");
}

void add(std::vector<std::string>& addresses, std::string address) {
    if (!is_link_local(address)) addresses.push_back(std::move(address));
}

void add_ip(InterfaceFacts& facts, const Dict& ip) {
    for (const auto& entry : get<std::vector<Dict>>(ip, "AddressData"))
        add(facts.addresses, get<std::string>(entry, "address"));
    for (const auto& entry : get<std::vector<Dict>>(ip, "NameserverData"))
        add(facts.name_servers, get<std::string>(entry, "address"));
    // IPv6 has them as bytes only.
    for (const auto& server : get<std::vector<dbus::Bytes>>(ip, "Nameservers"))
        add(facts.name_servers, text_of(server));
}

NetworkKind kind_of(std::uint32_t type) {
    if (type == type_wifi) return NetworkKind::wifi;
    return type == type_modem ? NetworkKind::modem : NetworkKind::other;
}

NetworkDevice device_at(const std::string& path, const Dict& device, const dbus::Objects& objects,
                        const DeviceFailures& failures) {
    NetworkDevice out{.path = path,
                      .interface = get<std::string>(device, "IpInterface"),
                      .kind = kind_of(get<std::uint32_t>(device, "DeviceType")),
                      .state = get<std::uint32_t>(device, "State")};
    if (out.interface.empty()) out.interface = get<std::string>(device, "Interface");
    out.active_connection = path_in(device, "ActiveConnection");
    const auto& active = interface_of(objects, out.active_connection, nm::active_connection);
    out.profile = path_in(active, "Connection");
    out.external = (get<std::uint32_t>(active, "StateFlags") & flag_external) != 0;

    const auto failure = failures.find(path);
    out.facts.hindrance =
        hindrance_of(out.state, get<dbus::Pair>(device, "StateReason").second,
                     failure == failures.end() ? std::nullopt : std::optional(failure->second), out.kind);
    add_ip(out.facts, interface_of(objects, path_in(device, "Ip4Config"), nm::ip4));
    add_ip(out.facts, interface_of(objects, path_in(device, "Ip6Config"), nm::ip6));
    return out;
}

struct Words {
    std::uint32_t number;
    const char* text;
};

// What NMDeviceStateReason means to whoever stands before the box.

constexpr Words reasons[] = {
    {4, "its settings are not usable"},
    {5, "no address from the network (DHCP)"},
    {6, "the address it got has run out"},
    {7, "a password is missing or wrong"},
    {8, "the network did not accept us"},
    {9, "the password settings are not usable"},
    {10, "the network stopped answering during authentication"},
    {11, "the network did not answer in time"},
    {12, "PPP could not start"},
    {13, "PPP was disconnected"},
    {14, "PPP failed"},
    {15, "the DHCP client could not start"},
    {16, "the DHCP client reported an error"},
    {17, "no address from the network (DHCP)"},
    {18, "sharing the connection could not start"},
    {19, "sharing the connection failed"},
    {23, "the modem's line is busy"},
    {24, "the modem has no dial tone"},
    {25, "the mobile network did not answer"},
    {26, "the mobile network did not answer in time"},
    {27, "the mobile network refused the connection"},
    {28, "the modem could not be started"},
    {29, "the mobile network refused the APN"},
    {30, "the modem does not look for mobile networks"},
    {31, "the mobile network refused the SIM"},
    {32, "no mobile network answered in time"},
    {33, "no mobile network registered the SIM"},
    {34, "the SIM did not accept the PIN"},
    {35, "firmware of the device is missing"},
    {36, "the device is gone"},
    {37, "the system sleeps"},
    {38, "its settings were removed"},
    {39, "a person disconnected it"},
    {40, "the cable is out"},
    {43, "no modem was found"},
    {45, "no SIM"},
    {46, "the SIM wants its PIN"},
    {47, "the SIM wants its PUK"},
    {48, "the wrong SIM is in it"},
    {52, "ModemManager is not running"},
    {53, "the WiFi network was not found"},
    {57, "the modem failed"},
    {59, "the SIM did not accept the PIN"},
    {64, "another computer has the same address"},
};

constexpr Words wifi_reasons[] = {
    {7, "wrong WiFi password"},
    {8, "wrong WiFi password, or the access point is at its limit"},
    {11, "the WiFi network did not answer in time"},
};

template <std::size_t N>
const char* look_up(const Words (&table)[N], std::uint32_t number) {
    const auto* found = std::find_if(std::begin(table), std::end(table),
                                     [&](const Words& words) { return words.number == number; });
    return found == std::end(table) ? nullptr : found->text;
}

std::string words_for_state(std::uint32_t state, NetworkKind kind) {
    // The kernel knows a cable that was never in; who manages itself is of no interest.
    if (state <= state_unavailable) return kind == NetworkKind::modem ? "has a modem that is not ready" : "";
    if (state == state_disconnected) return "is not connected to any network";
    if (state == nm::state_need_auth) return "waits for a password";
    if (state == nm::state_failed) return "could not be connected";
    if (state == state_deactivating) return "is being disconnected";
    return state < state_ip_config ? "is being connected" : "waits for an address";
}

WifiNetwork network_at(const Dict& access_point) {
    const auto ssid = get<dbus::Bytes>(access_point, "Ssid");
    const auto security =
        get<std::uint32_t>(access_point, "WpaFlags") | get<std::uint32_t>(access_point, "RsnFlags");
    const bool wants_key = (get<std::uint32_t>(access_point, "Flags") & ap_privacy) != 0;
    return {.ssid = {ssid.begin(), ssid.end()},
            .strength = get<std::uint8_t>(access_point, "Strength"),
            .frequency = static_cast<int>(get<std::uint32_t>(access_point, "Frequency")),
            .secured = security != 0 || wants_key,
            .enterprise = (security & key_management_802_1x) != 0};
}

}  // namespace

std::string words_for(std::uint32_t reason, NetworkKind kind) {
    if (kind == NetworkKind::wifi) {
        if (const char* text = look_up(wifi_reasons, reason)) return text;
    }
    const char* text = look_up(reasons, reason);
    return text == nullptr ? "" : text;
}

std::string hindrance_of(std::uint32_t state, std::uint32_t reason, std::optional<std::uint32_t> failure,
                         NetworkKind kind) {
    if (state == nm::state_activated) return {};
    auto words = words_for(reason, kind);
    if (words.empty() && failure) words = words_for(*failure, kind);
    return words.empty() ? words_for_state(state, kind) : "is not connected: " + words;
}

std::vector<NetworkDevice> network_devices(const dbus::Objects& objects, const DeviceFailures& failures) {
    std::vector<NetworkDevice> devices;
    for (const auto& [path, interfaces] : objects) {
        const auto device = interfaces.find(nm::device);
        if (device == interfaces.end()) continue;
        auto made = device_at(path, device->second, objects, failures);
        if (!made.interface.empty()) devices.push_back(std::move(made));
    }
    return devices;
}

const NetworkDevice* device_of(const std::vector<NetworkDevice>& devices, const std::string& interface,
                               const std::string& modem_interface) {
    const auto named = std::find_if(devices.begin(), devices.end(),
                                    [&](const auto& device) { return device.interface == interface; });
    if (named != devices.end()) return &*named;
    const auto modem = std::find_if(devices.begin(), devices.end(),
                                    [](const auto& d) { return d.kind == NetworkKind::modem; });
    return modem != devices.end() && interface == modem_interface ? &*modem : nullptr;
}

InterfacesFacts merged(InterfacesFacts kernel, const std::vector<NetworkDevice>& devices,
                       const std::string& modem_interface) {
    const auto add_to = [&](InterfaceFacts& facts, const NetworkDevice& device) {
        facts.name_servers = device.facts.name_servers;
        facts.hindrance = device.facts.hindrance;
    };
    for (auto& [interface, facts] : kernel) {
        if (const auto* device = device_of(devices, interface, modem_interface)) add_to(facts, *device);
    }
    if (modem_interface.empty() || kernel.contains(modem_interface)) return kernel;
    // The interface of a modem comes with its connection; what keeps it from coming is told before.
    if (const auto* modem = device_of(devices, modem_interface, modem_interface))
        add_to(kernel[modem_interface], *modem);
    return kernel;
}

std::vector<WifiNetwork> wifi_networks(const dbus::Objects& objects, const std::string& device_path) {
    std::map<std::string, WifiNetwork> strongest;
    const auto& wireless = interface_of(objects, device_path, nm::wireless);
    for (const auto& path : get<std::vector<dbus::ObjectPath>>(wireless, "AccessPoints")) {
        const auto heard = network_at(interface_of(objects, path.text, nm::access_point));
        if (heard.ssid.empty()) continue;
        auto& known = strongest[heard.ssid];
        if (known.ssid.empty() || known.strength < heard.strength) known = heard;
    }
    std::vector<WifiNetwork> networks;
    networks.reserve(strongest.size());
    for (auto& [ssid, network] : strongest) networks.push_back(std::move(network));
    std::stable_sort(networks.begin(), networks.end(),
                     [](const auto& a, const auto& b) { return a.strength > b.strength; });
    return networks;
}

}  // namespace busbar::gateway

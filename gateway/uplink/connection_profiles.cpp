// SPDX-License-Identifier: Apache-2.0
#include "gateway/uplink/connection_profiles.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace busbar::gateway {
namespace {

using dbus::Dict;
using dbus::Sections;
using dbus::Value;

/// Before what NetworkManager gives by itself: 100 to a cable, whoever uses it.
constexpr std::int64_t first_metric = 50;
constexpr std::int64_t offline_penalty = 20'000;

constexpr std::size_t longest_ssid = 32;
constexpr std::size_t shortest_key = 8;
constexpr std::size_t longest_passphrase = 63;
constexpr std::size_t hex_key = 64;
constexpr std::uint32_t longest_prefix = 32;

constexpr std::uint32_t setup_channel = 6;
constexpr const char* setup_address = "192.168.42.1";
constexpr std::uint32_t setup_prefix = 24;
/// Of rules: after the kernel's own for what is meant for the box itself (0), before all that lead elsewhere.
constexpr std::uint32_t setup_rule_priority = 50;
constexpr std::uint8_t rule_prohibit = 8;  // FR_ACT_PROHIBIT

constexpr std::int32_t before_a_persons_own = 10;
constexpr std::int32_t after_a_persons_own = -10;
constexpr std::int32_t tries_without_end = 0;
constexpr std::int32_t metered_yes = 1;  // NMMetered
constexpr std::int32_t metered_no = 2;

Value text(std::string value) {
    return {std::move(value)};
}

dbus::Bytes bytes_of(const std::string& value) {
    return {value.begin(), value.end()};
}

bool is_ipv4(const std::string& address) {
    in_addr parsed{};
    return inet_pton(AF_INET, address.c_str(), &parsed) == 1;
}

bool is_key(std::string_view key) {
    if (key.size() == hex_key)
        return key.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
    const bool printable = std::all_of(key.begin(), key.end(), [](char c) { return c >= ' ' && c <= '~'; });
    return printable && key.size() >= shortest_key && key.size() <= longest_passphrase;
}

Result<void> check(const WifiLogin& login) {
    if (login.ssid.empty() || login.ssid.size() > longest_ssid)
        return Error{Errc::invalid, "The name of a WiFi network has 1 to 32 bytes."};
    if (!login.key.empty() && !is_key(login.key.reveal()))
        return Error{Errc::invalid, "A WiFi password has 8 to 63 printable characters."};
    return {};
}

Sections wifi_base(const WifiLogin& login, const std::string& interface) {
    Sections profile;
    profile["connection"] = {
        {"id", text(login.ssid)}, {"type", text("802-11-wireless")}, {"interface-name", text(interface)}};
    profile["802-11-wireless"] = {{"ssid", {bytes_of(login.ssid)}}};
    if (!login.key.empty()) {
        profile["802-11-wireless-security"] = {{"key-mgmt", text("wpa-psk")},
                                               {"psk", text(std::string(login.key.reveal()))}};
    }
    return profile;
}

Dict address_entry(const std::string& address, std::uint32_t prefix) {
    return {{"address", text(address)}, {"prefix", {prefix}}};
}

Result<void> check(const StaticAddress& address) {
    if (!is_ipv4(address.address))
        return Error{Errc::invalid, "'" + address.address + "' is not an IPv4 address."};
    if (address.prefix < 1 || address.prefix > longest_prefix)
        return Error{Errc::invalid, "The prefix length of a network is 1 to 32."};
    if (!address.gateway.empty() && !is_ipv4(address.gateway))
        return Error{Errc::invalid, "The gateway '" + address.gateway + "' is not an IPv4 address."};
    for (const auto& server : address.name_servers) {
        if (!is_ipv4(server))
            return Error{Errc::invalid, "The name server '" + server + "' is not an IPv4 address."};
    }
    return {};
}

/// As the number whose bytes in memory are those of the address.
std::uint32_t network_order(const std::string& address) {
    in_addr parsed{};
    inet_pton(AF_INET, address.c_str(), &parsed);
    return parsed.s_addr;
}

}  // namespace

std::map<std::string, std::int64_t> route_metrics(std::vector<RankedInterface> interfaces) {
    std::stable_sort(interfaces.begin(), interfaces.end(),
                     [](const auto& a, const auto& b) { return a.priority < b.priority; });
    std::map<std::string, std::int64_t> metrics;
    std::int64_t rank = 0;
    for (const auto& ranked : interfaces) {
        if (ranked.chosen) {
            metrics[ranked.interface] = first_metric;
            continue;
        }
        ++rank;
        metrics[ranked.interface] = first_metric + rank + (ranked.offline ? offline_penalty : 0);
    }
    return metrics;
}

bool set_route_metric(Sections& profile, std::int64_t metric) {
    bool changed = false;
    for (const char* family : {"ipv4", "ipv6"}) {
        const auto section = profile.find(family);
        if (section == profile.end()) continue;
        if (dbus::get<std::int64_t>(section->second, "route-metric", -1) == metric) continue;
        section->second["route-metric"] = {metric};
        changed = true;
    }
    return changed;
}

Result<Sections> wifi_profile(const WifiLogin& login, const std::string& interface) {
    if (const auto checked = check(login); !checked) return checked.error();
    auto profile = wifi_base(login, interface);
    profile["802-11-wireless"]["mode"] = text("infrastructure");
    if (login.hidden) profile["802-11-wireless"]["hidden"] = {true};
    profile["ipv4"] = {{"method", text("auto")}};
    profile["ipv6"] = {{"method", text("auto")}};
    return profile;
}

Result<Sections> access_point_profile(const WifiLogin& login, const std::string& interface) {
    if (const auto checked = check(login); !checked) return checked.error();
    if (login.key.empty()) return Error{Errc::invalid, "The access point for set-up needs a password."};
    auto profile = wifi_base(login, interface);
    profile["connection"]["autoconnect"] = {false};
    auto& wireless = profile["802-11-wireless"];
    wireless["mode"] = text("ap");
    wireless["band"] = text("bg");
    wireless["channel"] = {setup_channel};
    auto& security = profile["802-11-wireless-security"];
    security["proto"] = {std::vector<std::string>{"rsn"}};
    security["pairwise"] = {std::vector<std::string>{"ccmp"}};
    security["group"] = {std::vector<std::string>{"ccmp"}};
    profile["ipv4"] = {{"method", text("shared")},
                       {"address-data", {std::vector<Dict>{address_entry(setup_address, setup_prefix)}}}};
    const Dict stays_here{{"family", {std::int32_t{AF_INET}}},
                          {"priority", {setup_rule_priority}},
                          {"iifname", text(interface)},
                          {"action", {rule_prohibit}}};
    profile["ipv4"]["routing-rules"] = {std::vector<Dict>{stays_here}};
    profile["ipv6"] = {{"method", text("disabled")}};
    return profile;
}

Sections gsm_profile(const GsmAccess& access) {
    Sections profile;
    profile["connection"] = {
        {"id", text("busbar GSM")},
        {"uuid", text(gsm_profile_uuid)},
        {"type", text("gsm")},
        {"autoconnect", {true}},
        {"autoconnect-priority", {access.apn.empty() ? after_a_persons_own : before_a_persons_own}},
        {"autoconnect-retries", {tries_without_end}},
        {"metered", {access.metered ? metered_yes : metered_no}}};
    auto& gsm = profile["gsm"];
    if (!access.apn.empty()) gsm["apn"] = text(access.apn);
    if (!access.user.empty()) gsm["username"] = text(access.user);
    if (!access.password.empty()) gsm["password"] = text(std::string(access.password.reveal()));
    profile["ipv4"] = {{"method", text("auto")}};
    profile["ipv6"] = {{"method", text("auto")}};
    return profile;
}

Result<void> set_ipv4(Sections& profile, const std::optional<StaticAddress>& address) {
    if (address) {
        if (const auto checked = check(*address); !checked) return checked.error();
    }
    auto& ipv4 = profile["ipv4"];
    // The older names of the same things would win over the new ones.
    for (const char* key : {"addresses", "address-data", "gateway", "routes", "dns", "dns-data"})
        ipv4.erase(key);
    if (!address) {
        ipv4["method"] = text("auto");
        return {};
    }
    ipv4["method"] = text("manual");
    ipv4["address-data"] = {std::vector<Dict>{address_entry(address->address, address->prefix)}};
    if (!address->gateway.empty()) ipv4["gateway"] = text(address->gateway);
    std::vector<std::uint32_t> servers;
    for (const auto& server : address->name_servers) servers.push_back(network_order(server));
    if (!servers.empty()) ipv4["dns"] = {servers};
    return {};
}

}  // namespace busbar::gateway

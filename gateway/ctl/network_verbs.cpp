// SPDX-License-Identifier: Apache-2.0
// Interfaces: WiFi, the access point for set-up, addresses. A key is never an argument.
#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "gateway/ctl/api_verbs.hpp"
#include "gateway/ctl/console.hpp"
#include "gateway/ctl/json_cells.hpp"
#include "gateway/ctl/listings.hpp"
#include "gateway/ctl/secret_line.hpp"

namespace busbar::ctl {
namespace {

using nlohmann::json;

constexpr seconds longest_join{60};

const Listing interfaces{"show",
                         "The interfaces of the uplinks, and a change that waits to be confirmed",
                         "/api/v1/network",
                         "/interfaces",
                         {{"INTERFACE", "/interface"},
                          {"KIND", "/kind"},
                          {"STATE", "/state"},
                          {"ADDRESSES", "/addresses"},
                          {"WHY NOT", "/hindrance"}}};

const Listing networks{"wifi",
                       "Networks in reach",
                       "",
                       "/networks",
                       {{"NETWORK", "/ssid"},
                        {"STRENGTH %", "/strength"},
                        {"MHZ", "/frequency_mhz"},
                        {"KEY", "/secured"},
                        {"ENTERPRISE", "/enterprise"}}};

struct NetworkWish {
    std::string interface;
    std::string ssid;
    bool open = false;
    bool hidden = false;
    bool close = false;
    std::string address;  ///< "dhcp", or as 192.0.2.9/24
    std::string gateway;
    std::vector<std::string> name_servers;
    int confirm_within_s = 90;
};

std::string route(const NetworkWish& wish, const char* step) {
    return "/api/v1/network/" + path_step(wish.interface) + "/" + step;
}

json login(const NetworkWish& wish) {
    json body{{"ssid", wish.ssid}, {"hidden", wish.hidden}};
    if (wish.open) return body;
    if (auto key = read_secret("Key: ")) body["key"] = std::move(*key);
    return body;
}

json address_change(const NetworkWish& wish) {
    json body{{"address", nullptr}, {"confirm_within_s", wish.confirm_within_s}};
    if (wish.address == "dhcp") return body;
    const auto slash = wish.address.find('/');
    body["address"] = wish.address.substr(0, slash);
    if (slash != std::string::npos)
        body["prefix"] = json::parse(wish.address.substr(slash + 1), nullptr, false);
    if (!wish.gateway.empty()) body["gateway"] = wish.gateway;
    if (!wish.name_servers.empty()) body["name_servers"] = wish.name_servers;
    return body;
}

Result<std::string> network_report(std::string_view body) {
    auto page = listing_report(interfaces, body);
    const auto answer = json::parse(body, nullptr, false);
    const auto& change = at(answer, "/unconfirmed");
    if (!page || change.is_null()) return page;
    const auto address = at(change, "/address").is_null() ? "DHCP" : text(at(change, "/address"));
    return *page + fmt::format("{} has {} for {} s more, unless it is confirmed: busbarctl network confirm\n",
                               text(at(change, "/interface")), address, text(at(change, "/seconds_left")));
}

int change(ApiClient& daemon, const std::string& target, const json& body, bool as_json) {
    return tell_answer(daemon.send("POST", target, body.dump(), longest_join), as_json,
                       [](std::string_view) { return Result<std::string>("done\n"); });
}

int change_login(ApiClient& daemon, const std::string& target, const NetworkWish& wish, bool as_json) {
    const auto body = login(wish);
    return interrupted() ? refuse("nothing was changed") : change(daemon, target, body, as_json);
}

int access_point(ApiClient& daemon, const NetworkWish& wish, bool as_json) {
    const auto target = route(wish, "access-point");
    if (!wish.close) return change_login(daemon, target, wish, as_json);
    return tell_answer(daemon.send("DELETE", target, "", longest_join), as_json);
}

int set_address(ApiClient& daemon, const NetworkWish& wish, bool as_json) {
    const auto body = address_change(wish);
    if (body.contains("prefix") && !body["prefix"].is_number_integer()) {
        complain("'" + wish.address + "' is no address: as 192.0.2.9/24, or dhcp");
        return usage;
    }
    const int told = change(daemon, route(wish, "address"), body, as_json);
    if (told == done && !as_json)
        remark(fmt::format(
            "Unless it is confirmed within {} s, what was before comes back: busbarctl network confirm",
            wish.confirm_within_s));
    return told;
}

void add_address_options(CLI::App& verb, NetworkWish& wish) {
    verb.add_option("ADDRESS", wish.address, "As 192.0.2.9/24, or dhcp")->required();
    verb.add_option("--gateway", wish.gateway, "Address of the router");
    verb.add_option("--name-server", wish.name_servers, "May be given several times");
    verb.add_option("--confirm-within", wish.confirm_within_s, "s")->capture_default_str();
}

void add_login_options(CLI::App& verb, NetworkWish& wish) {
    verb.add_flag("--open", wish.open, "It has no key; else the key is read from the standard input");
    verb.add_flag("--hidden", wish.hidden, "It does not tell its name");
}

}  // namespace

std::vector<ApiVerb> add_network_verbs(CLI::App& cli) {
    const auto wish = std::make_shared<NetworkWish>();
    auto* network = cli.add_subcommand("network", "WiFi, the access point for set-up, addresses");
    network->require_subcommand(1);
    auto* show = network->add_subcommand(interfaces.verb, interfaces.help);
    auto* wifi = network->add_subcommand(networks.verb, networks.help);
    auto* join = network->add_subcommand("join", "Join a WiFi network and keep it");
    auto* point = network->add_subcommand("access-point", "Open the access point for set-up");
    auto* address = network->add_subcommand("address", "Change an address, to be confirmed");
    auto* confirm = network->add_subcommand("confirm", "The changed address stays");
    for (auto* verb : {wifi, join, point, address})
        verb->add_option("INTERFACE", wish->interface)->required();
    join->add_option("SSID", wish->ssid, "The network's name")->required();
    point->add_option("SSID", wish->ssid, "Its name");
    point->add_flag("--close", wish->close, "Close it");
    for (auto* verb : {join, point}) add_login_options(*verb, *wish);
    add_address_options(*address, *wish);
    return {
        {show,
         [](ApiClient& daemon, bool as_json) {
             return tell_answer(daemon.get(interfaces.target), as_json, network_report);
         }},
        {wifi,
         [wish](ApiClient& daemon, bool as_json) {
             return tell_answer(daemon.send("GET", route(*wish, "wifi"), "", longest_join), as_json,
                                [](std::string_view body) { return listing_report(networks, body); });
         }},
        {join, [wish](ApiClient& daemon,
                      bool as_json) { return change_login(daemon, route(*wish, "wifi"), *wish, as_json); }},
        {point, [wish](ApiClient& daemon, bool as_json) { return access_point(daemon, *wish, as_json); }},
        {address, [wish](ApiClient& daemon, bool as_json) { return set_address(daemon, *wish, as_json); }},
        {confirm, [](ApiClient& daemon, bool as_json) {
             return change(daemon, "/api/v1/network/confirm", json::object(), as_json);
         }}};
}

}  // namespace busbar::ctl

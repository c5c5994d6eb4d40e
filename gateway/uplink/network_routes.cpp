// SPDX-License-Identifier: Apache-2.0
#include "gateway/uplink/network_routes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "gateway/web/problem.hpp"

namespace busbar::gateway {
namespace {

using Json = nlohmann::ordered_json;
using Respond = std::function<void(HttpResponse)>;

constexpr seconds confirm_at_least{10};
constexpr seconds confirm_usually{90};
constexpr seconds confirm_at_most{600};

HttpResponse bad_request(std::string_view what) {
    return problem(400, "bad_request", what);
}

HttpResponse failed(const Error& error) {
    if (error.code == Errc::invalid) return problem(422, "not_usable", error.detail);
    const bool away = error.code == Errc::unreachable || error.code == Errc::io;
    return problem(away ? 503 : 409, away ? "no_network_manager" : "refused", error.detail);
}

HttpResponse json_response(const Json& json) {
    HttpResponse response;
    response.body = json.dump(-1, ' ', false, Json::error_handler_t::replace);
    return response;
}

NetworkSetup::Done answer(Respond respond) {
    return [respond = std::move(respond)](const Result<void>& done) {
        respond(done ? json_response(Json::object()) : failed(done.error()));
    };
}

/// Of a type; `otherwise` where the key is missing. Nothing: it is of another type.
template <class T>
std::optional<T> member(const Json& json, const char* key, T otherwise) {
    if (!json.contains(key)) return otherwise;
    try {
        return json.at(key).get<T>();
    } catch (const Json::exception&) {
        return std::nullopt;
    }
}

std::optional<WifiLogin> login_of(const std::string& body) {
    const auto json = Json::parse(body, nullptr, false);
    if (!json.is_object()) return std::nullopt;
    auto ssid = member<std::string>(json, "ssid", "");
    auto key = member<std::string>(json, "key", "");
    const auto hidden = member(json, "hidden", false);
    if (!ssid || !key || !hidden) return std::nullopt;
    return WifiLogin{std::move(*ssid), Secret(std::move(*key)), *hidden};
}

struct AddressWish {
    std::optional<StaticAddress> address;
    seconds confirm{};
};

std::optional<AddressWish> address_wish_of(const std::string& body) {
    const auto json = Json::parse(body, nullptr, false);
    if (!json.is_object() || !json.contains("address")) return std::nullopt;
    const auto confirm = member(json, "confirm_within_s", confirm_usually.count());
    if (!confirm || *confirm < confirm_at_least.count() || *confirm > confirm_at_most.count())
        return std::nullopt;
    AddressWish wish{std::nullopt, seconds(*confirm)};
    if (json["address"].is_null()) return wish;
    auto address = member<std::string>(json, "address", "");
    const auto prefix = member<std::uint32_t>(json, "prefix", 24);
    auto gateway = member<std::string>(json, "gateway", "");
    auto servers = member<std::vector<std::string>>(json, "name_servers", {});
    if (!address || !prefix || !gateway || !servers) return std::nullopt;
    wish.address = StaticAddress{std::move(*address), *prefix, std::move(*gateway), std::move(*servers)};
    return wish;
}

Json networks_json(const std::vector<WifiNetwork>& networks) {
    Json json{{"networks", Json::array()}};
    for (const auto& network : networks) {
        json["networks"].push_back({{"ssid", network.ssid},
                                    {"strength", network.strength},
                                    {"frequency_mhz", network.frequency},
                                    {"secured", network.secured},
                                    {"enterprise", network.enterprise}});
    }
    return json;
}

std::string_view state_of(const InterfaceFacts& facts) {
    if (!facts.present) return "absent";
    if (!facts.carrier) return "no_link";
    return facts.addresses.empty() ? "no_address" : "up";
}

constexpr std::array<const char*, 3> kinds{"ethernet", "wifi", "gsm"};  // config::UplinkKind

Json interface_json(const NetworkInterface& one) {
    Json json{{"interface", one.interface},
              {"kind", kinds.at(static_cast<std::size_t>(one.kind))},
              {"state", state_of(one.facts)},
              {"addresses", one.facts.addresses}};
    if (!one.facts.hindrance.empty()) json["hindrance"] = one.facts.hindrance;
    return json;
}

Json pending_json(const NetworkSetup* setup) {
    const auto pending = setup == nullptr ? std::nullopt : setup->pending();
    if (!pending) return nullptr;
    const auto left = std::chrono::ceil<seconds>(pending->until - steady_now());
    return {{"interface", pending->interface},
            {"address", pending->address.empty() ? Json() : Json(pending->address)},
            {"seconds_left", left.count()}};
}

class NetworkRoutes {
  public:
    explicit NetworkRoutes(Uplinks& uplinks) : uplinks_(&uplinks) {}

    HttpResponse show() const {
        Json json{{"managed", uplinks_->setup() != nullptr},
                  {"interfaces", Json::array()},
                  {"unconfirmed", pending_json(uplinks_->setup())}};
        for (const auto& one : uplinks_->network()) json["interfaces"].push_back(interface_json(one));
        return json_response(json);
    }

    HttpResponse scan(const HttpRequest& request) const {
        return at_interface(request, [](NetworkSetup& setup, const std::string& interface, Respond respond) {
            setup.scan(interface, [respond = std::move(respond)](const auto& heard) {
                respond(heard ? json_response(networks_json(*heard)) : failed(heard.error()));
            });
        });
    }

    HttpResponse join(const HttpRequest& request) const { return with_login(request, &NetworkSetup::join); }
    HttpResponse open(const HttpRequest& request) const {
        return with_login(request, &NetworkSetup::open_access_point);
    }

    HttpResponse close(const HttpRequest& request) const {
        return at_interface(request, [](NetworkSetup& setup, const std::string& interface, Respond respond) {
            setup.close_access_point(interface, answer(std::move(respond)));
        });
    }

    HttpResponse set_address(const HttpRequest& request) const {
        const auto wish = address_wish_of(request.body);
        if (!wish) {
            return bad_request(
                R"(The body must be {"address": "192.0.2.9", "prefix": 24, "gateway": "192.0.2.1", )"
                R"("name_servers": []} or {"address": null} for DHCP; "confirm_within_s" is 10 to 600.)");
        }
        return at_interface(
            request, [wish](NetworkSetup& setup, const std::string& interface, Respond respond) {
                setup.set_address(interface, wish->address, wish->confirm, answer(std::move(respond)));
            });
    }

    HttpResponse confirm() const {
        return with_setup(
            [](NetworkSetup& setup, Respond respond) { setup.confirm(answer(std::move(respond))); });
    }

  private:
    using Login = void (NetworkSetup::*)(const std::string&, const WifiLogin&, const NetworkSetup::Done&);

    HttpResponse with_login(const HttpRequest& request, Login what) const {
        const auto login = login_of(request.body);
        if (!login) return bad_request(R"(The body must be {"ssid": "...", "key": "..."}.)");
        return at_interface(
            request, [login, what](NetworkSetup& setup, const std::string& interface, Respond respond) {
                (setup.*what)(interface, *login, answer(std::move(respond)));
            });
    }

    template <class Work>
    HttpResponse at_interface(const HttpRequest& request, Work work) const {
        const auto& interface = request.captured.front();
        const auto network = uplinks_->network();
        if (std::none_of(network.begin(), network.end(),
                         [&](const auto& one) { return one.interface == interface; }))
            return problem(404, "no_interface",
                           fmt::format("No uplink of the configuration has the interface '{}'.", interface));
        return with_setup([interface, work](NetworkSetup& setup, Respond respond) {
            work(setup, interface, std::move(respond));
        });
    }

    template <class Work>
    HttpResponse with_setup(Work work) const {
        HttpResponse response;
        response.later = [uplinks = uplinks_, work](Respond respond) {
            if (auto* setup = uplinks->setup()) return work(*setup, std::move(respond));
            respond(problem(409, "not_managed",
                            "The configuration has no uplinks, or network.manager is \"none\"."));
        };
        return response;
    }

    Uplinks* uplinks_;
};

}  // namespace

std::vector<Route> network_routes(Uplinks& uplinks) {
    const NetworkRoutes here(uplinks);
    const auto route = [here](HttpResponse (NetworkRoutes::*what)(const HttpRequest&) const) {
        return [here, what](const HttpRequest& request) { return (here.*what)(request); };
    };
    constexpr Access installer = at_least(Role::installer);
    return {
        {"GET", "/api/v1/network", installer, [here](const HttpRequest&) { return here.show(); }},
        {"GET", "/api/v1/network/{interface}/wifi", installer, route(&NetworkRoutes::scan)},
        {"POST", "/api/v1/network/{interface}/wifi", installer, route(&NetworkRoutes::join)},
        {"POST", "/api/v1/network/{interface}/access-point", installer, route(&NetworkRoutes::open)},
        {"DELETE", "/api/v1/network/{interface}/access-point", installer, route(&NetworkRoutes::close)},
        {"POST", "/api/v1/network/{interface}/address", installer, route(&NetworkRoutes::set_address)},
        {"POST", "/api/v1/network/confirm", installer, [here](const HttpRequest&) { return here.confirm(); }},
    };
}

}  // namespace busbar::gateway

// SPDX-License-Identifier: Apache-2.0
#include "gateway/uplink/uplink_routes.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "gateway/web/problem.hpp"

namespace busbar::gateway {
namespace {

using Json = nlohmann::ordered_json;

HttpResponse response_of(std::string body) {
    HttpResponse response;
    response.body = std::move(body);
    return response;
}

HttpResponse no_uplink(const std::string& id) {
    return problem(404, "no_uplink", fmt::format("The configuration has no uplink '{}' for sessions.", id));
}

HttpResponse show(Uplinks& uplinks, const Now& now) {
    return response_of(
        uplinks_json(uplinks.report(), now).dump(-1, ' ', false, Json::error_handler_t::replace));
}

HttpResponse test(Uplinks& uplinks, const std::string& id) {
    if (!uplinks.has(id)) return no_uplink(id);
    HttpResponse response;
    response.later = [&uplinks, id](auto respond) {
        // A reload may have come between.
        if (!uplinks.has(id)) return respond(no_uplink(id));
        uplinks.test(id, [respond](std::string report) { respond(response_of(std::move(report))); });
    };
    return response;
}

/// The id that is asked for, "" for null; nothing when the body is no such object.
std::optional<std::string> wish_of(const std::string& body) {
    const auto json = Json::parse(body, nullptr, false);
    if (!json.is_object() || !json.contains("id")) return std::nullopt;
    const auto& id = json["id"];
    if (id.is_null()) return std::string();
    return id.is_string() && id != "" ? std::optional(id.get<std::string>()) : std::nullopt;
}

HttpResponse prefer(Uplinks& uplinks, const std::string& body, const Now& now) {
    const auto id = wish_of(body);
    if (!id) return problem(400, "bad_request", R"(The body must be {"id": "..."} or {"id": null}.)");
    if (!id->empty() && !uplinks.has(*id)) return no_uplink(*id);
    uplinks.prefer(*id);
    return show(uplinks, now);
}

}  // namespace

std::vector<Route> uplink_routes(Uplinks& uplinks, const std::function<Now()>& now) {
    return {{"GET", "/api/v1/uplinks", at_least(Role::viewer),
             [&uplinks, now](const HttpRequest&) { return show(uplinks, now()); }},
            {"POST", "/api/v1/uplinks/prefer", at_least(Role::installer),
             [&uplinks, now](const HttpRequest& request) { return prefer(uplinks, request.body, now()); }},
            {"POST", "/api/v1/uplinks/{uplink}/test", at_least(Role::installer),
             [&uplinks](const HttpRequest& request) { return test(uplinks, request.captured.front()); }}};
}

}  // namespace busbar::gateway

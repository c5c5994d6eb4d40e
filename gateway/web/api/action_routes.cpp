// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/api/action_routes.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "gateway/web/api/exchange_json.hpp"
#include "gateway/web/problem.hpp"

namespace busbar::gateway {
namespace {

using Json = nlohmann::ordered_json;

constexpr double most_amperes = 500;

/// One request, taken apart: the charge point and those of its connectors that are meant.
struct Wish {
    ChargePointUnit* unit;
    std::string id;
    Json body;
    std::vector<ocpp::ConnectorView> connectors;

    [[nodiscard]] bool in_transaction() const {
        for (const auto& one : connectors) {
            if (one.transaction != nullptr) return true;
        }
        return false;
    }
};

HttpResponse bad_request(std::string_view why) {
    return problem(400, "bad_request", why);
}

std::vector<ocpp::ConnectorView> meant(const ChargePointUnit& unit, const Json& connector) {
    auto all = unit.view().connectors;
    if (!connector.is_null()) std::erase_if(all, [&](const auto& one) { return Json(one.id) != connector; });
    return all;
}

/// A handler of orders that are sound.
HttpHandler on_wish(Site& site, std::function<HttpResponse(Wish&)> carry_out) {
    return [&site, carry_out = std::move(carry_out)](const HttpRequest& request) {
        const auto& id = request.captured.front();
        ChargePointUnit* unit = site.find_unit(id);
        if (unit == nullptr) return no_charger(id);
        auto body = object_in(request.body);
        if (!body) return bad_request("The body must be a JSON object.");
        const Json connector = body->value("connector", Json(nullptr));
        Wish wish{unit, id, *std::move(body), meant(*unit, connector)};
        if (wish.connectors.empty())
            return problem(404, "no_connector",
                           fmt::format("{} has no connector {}.", id, text_of(connector)));
        return carry_out(wish);
    };
}

HttpResponse local_limits(const Wish& wish) {
    Json list = Json::array();
    for (const auto& view : wish.unit->view().connectors) {
        list.push_back({{"id", view.id}, {"paused", view.local.paused}});
        list.back()["limit_a"] = view.local.limit ? Json(view.local.limit->value()) : Json(nullptr);
    }
    return json_response({{"connectors", std::move(list)}});
}

HttpResponse set_paused(const Wish& wish, bool paused) {
    for (const auto& view : wish.connectors) {
        auto local = view.local;
        local.paused = paused;
        wish.unit->set_local_limit(view.id, local);
    }
    return local_limits(wish);
}

HttpResponse set_limit(const Wish& wish) {
    const auto limit = wish.body.find("limit_a");
    const bool is_sound = limit != wish.body.end() &&
                          (limit->is_null() || (limit->is_number() && *limit >= 0 && *limit <= most_amperes));
    if (!is_sound)
        return bad_request(R"(The body must be {"limit_a": A} with 0 to 500 A a phase, or null for none.)");
    for (const auto& view : wish.connectors) {
        auto local = view.local;
        local.limit = limit->is_null() ? std::nullopt : std::optional(Amperes(limit->get<double>()));
        wish.unit->set_local_limit(view.id, local);
    }
    return local_limits(wish);
}

/// Those that wait as well as those that may have to: within the hours, before they end.
HttpResponse charge_now(const Wish& wish) {
    if (!wish.in_transaction())
        return problem(409, "no_transaction", fmt::format("No transaction runs on {}.", wish.id));
    for (const auto& view : wish.connectors) wish.unit->charge_now(view.id);
    return local_limits(wish);
}

HttpResponse not_supported(const Wish& wish, std::string_view what) {
    return problem(409, "not_supported", fmt::format("The charger of {} has nothing to {}.", wish.id, what));
}

HttpResponse in_transaction(const Wish& wish) {
    return problem(409, "in_transaction",
                   fmt::format("A transaction runs on {}: it is not disturbed from here.", wish.id));
}

/// Answers once the charger has.
HttpResponse after_command(const Wish& wish, const Command& command, std::function<HttpResponse()> done) {
    HttpResponse response;
    response.later = [unit = wish.unit, command, done = std::move(done)](auto respond) {
        unit->execute(command, [respond, done](const Result<void>& result) {
            respond(result ? done() : problem(502, "charger_refused", result.error().detail));
        });
    };
    return response;
}

HttpResponse unlock(Wish& wish) {
    if (!wish.body.contains("connector")) wish.connectors.resize(1);
    if (!wish.unit->view().capabilities.unlock) return not_supported(wish, "unlock");
    if (wish.in_transaction()) return in_transaction(wish);
    return after_command(wish, Unlock{wish.connectors.front().id}, [] {
        return HttpResponse{204, "application/json", "", {}};
    });
}

HttpResponse reset(Site& site, const Wish& wish) {
    const bool hard = wish.body.value("hard", Json(false)) == true;
    const auto start_anew = [&site, id = wish.id] {
        if (auto* unit = site.find_unit(id); unit != nullptr) unit->start_anew();
        return json_response(Json::object(), 202);
    };
    if (!hard) return start_anew();
    if (!wish.unit->view().capabilities.reboot) return not_supported(wish, "restart it with");
    if (wish.in_transaction()) return in_transaction(wish);
    return after_command(wish, Reboot{}, start_anew);
}

}  // namespace

HttpResponse no_charger(const std::string& id) {
    return problem(404, "no_charger", fmt::format("The configuration has no charger '{}'.", id));
}

std::vector<Route> action_routes(Site& site) {
    constexpr auto owner = at_least(Role::owner);
    constexpr auto installer = at_least(Role::installer);
    return {{"POST", "/api/v1/chargers/{charger}/actions/pause", owner,
             on_wish(site, [](Wish& wish) { return set_paused(wish, true); })},
            {"POST", "/api/v1/chargers/{charger}/actions/resume", owner,
             on_wish(site, [](Wish& wish) { return set_paused(wish, false); })},
            {"POST", "/api/v1/chargers/{charger}/actions/limit", owner,
             on_wish(site, [](Wish& wish) { return set_limit(wish); })},
            {"POST", "/api/v1/chargers/{charger}/actions/charge-now", owner,
             on_wish(site, [](Wish& wish) { return charge_now(wish); })},
            {"POST", "/api/v1/chargers/{charger}/actions/unlock", installer, on_wish(site, unlock)},
            {"POST", "/api/v1/chargers/{charger}/actions/reset", installer,
             on_wish(site, [&site](Wish& wish) { return reset(site, wish); })}};
}

}  // namespace busbar::gateway

// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/api/trace_routes.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "gateway/web/api/bus_trace.hpp"
#include "gateway/web/api/exchange_json.hpp"
#include "gateway/web/api/ocpp_trace.hpp"

namespace busbar::gateway {
namespace {

using Json = nlohmann::ordered_json;

/// By bus: the share of the line's time that its units took.
Json load_json(const Site& site) {
    Json load = Json::object();
    for (const auto& bus : site.buses()) {
        double sum = 0;
        for (const auto& unit : bus.units) sum += unit.load;
        load[bus.id] = std::min(1.0, sum);
    }
    return load;
}

HttpResponse messages(const TraceRing& ring, const HttpRequest& request, const Now& now) {
    OcppTraceQuery query{query_value(request.query, "charge_point").value_or(""),
                         query_number(request.query, "after")};
    const bool as_file = wants_lines(request);
    if (as_file) query.most = TraceRing::capacity;
    const Json found = ocpp_trace(ring, query, now);
    return as_file ? lines_response(found.at("messages"), "ocpp.jsonl") : json_response(found);
}

HttpResponse exchanges(const TraceRing& ring, const Site& site, const GatewaySettings& settings,
                       const HttpRequest& request, const Now& now) {
    BusTraceQuery query{query_value(request.query, "bus").value_or(""), query_number(request.query, "after")};
    const bool as_file = wants_lines(request);
    if (as_file) query.most = TraceRing::capacity;
    Json found = bus_trace(ring, query, settings, now);
    if (as_file) return lines_response(found.at("exchanges"), "bus.jsonl");
    found["load"] = load_json(site);
    return json_response(found);
}

}  // namespace

std::vector<Route> trace_routes(const TraceRing& ring, const Site& site,
                                std::function<const GatewaySettings&()> settings,
                                const std::function<Now()>& now) {
    constexpr auto installer = at_least(Role::installer);
    return {{"GET", "/api/v1/trace/ocpp", installer,
             [&ring, now](const HttpRequest& request) { return messages(ring, request, now()); }},
            {"GET", "/api/v1/trace/bus", installer,
             [&ring, &site, settings = std::move(settings), now](const HttpRequest& request) {
                 return exchanges(ring, site, settings(), request, now());
             }}};
}

}  // namespace busbar::gateway

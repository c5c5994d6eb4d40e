// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/api/session_routes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "gateway/web/api/action_routes.hpp"
#include "gateway/web/api/exchange_json.hpp"
#include "gateway/web/api/masking.hpp"
#include "gateway/web/problem.hpp"
#include "ocpp/date_time.hpp"

namespace busbar::gateway {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t most_listed = 1000;
constexpr std::size_t most_exported = 20'000;
constexpr std::int64_t most_hours = 168;

/// A session that is over, or (without an end) runs.
struct Listed {
    SessionRow row;
    bool runs = false;
};

/// Rows with cards as this reader may see them.
class Reader {
  public:
    explicit Reader(const HttpRequest& request)
        : sees_tags_(request.login && request.login->role >= Role::installer) {}

    [[nodiscard]] std::string tag(const std::string& id_tag) const {
        return sees_tags_ ? id_tag : masked_tag(id_tag);
    }

  private:
    bool sees_tags_;
};

std::optional<UtcTime> time_in(const HttpRequest& request, std::string_view name) {
    const auto text = query_value(request.query, name);
    return text ? ocpp::parse_iso8601(*text) : std::nullopt;
}

void add_running(std::vector<Listed>& list, const ChargePointUnit& unit, const Now& now) {
    for (const auto& view : unit.view().connectors) {
        const auto* running = view.transaction;
        if (running == nullptr) continue;
        SessionRow row{running->local_id, view.id, running->id, ocpp::utc_of(running->start, now), {}, 0, 0,
                       running->id_tag,   ""};
        row.meter_start_wh = static_cast<std::int64_t>(running->meter_start.value());
        const double last = view.energy.value_or(running->meter_start).value();
        row.meter_stop_wh = std::max(row.meter_start_wh, static_cast<std::int64_t>(last));
        list.push_back({std::move(row), true});
    }
}

/// Newest first: those that run now, then those that are over.
std::vector<Listed> sessions(const ChargePointUnit& unit, const SessionBook& book, const HttpRequest& request,
                             std::size_t most, const Now& now) {
    std::vector<Listed> list;
    const auto from = time_in(request, "from");
    const auto to = time_in(request, "to");
    if (!to || (now.utc && *to > *now.utc)) add_running(list, unit, now);
    for (auto& row : book.find(unit.making().charger.id, from, to, most))
        list.push_back({std::move(row), false});
    return list;
}

Json duration_json(const SessionRow& row) {
    if (!row.started || !row.ended) return nullptr;
    return std::chrono::floor<seconds>(*row.ended - *row.started).count();
}

Json session_json(const Listed& listed, const Reader& reader) {
    const auto& row = listed.row;
    Json json{{"id", row.id}, {"connector", row.connector}};
    json["transaction_id"] = row.transaction_id ? Json(*row.transaction_id) : Json(nullptr);
    json["started_at"] = time_json(row.started);
    json["ended_at"] = time_json(row.ended);
    json["duration_s"] = duration_json(row);
    json["meter_start_wh"] = row.meter_start_wh;
    json["energy_wh"] = row.meter_stop_wh - row.meter_start_wh;
    json["id_tag"] = reader.tag(row.id_tag);
    json["reason"] = listed.runs ? Json(nullptr) : Json(row.reason);
    return json;
}

HttpResponse list(const ChargePointUnit& unit, const SessionBook& book, const HttpRequest& request,
                  const Now& now) {
    auto found = sessions(unit, book, request, most_listed + 1, now);
    const bool more = found.size() > most_listed;
    if (more) found.resize(most_listed);
    Json json{{"sessions", Json::array()}};
    std::int64_t energy = 0;
    for (const auto& one : found) {
        json["sessions"].push_back(session_json(one, Reader(request)));
        energy += one.row.meter_stop_wh - one.row.meter_start_wh;
    }
    json["energy_wh"] = energy;
    json["more"] = more;
    return json_response(json);
}

/// RFC 4180; a spreadsheet must not take a tag for a formula.
std::string cell(const std::string& text) {
    const bool formula =
        !text.empty() && std::string_view("=+-@").find(text.front()) != std::string_view::npos;
    std::string quoted = "\"";
    if (formula) quoted += '\'';
    for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
    return quoted + '"';
}

std::string text_of_time(const std::optional<UtcTime>& time) {
    return time ? ocpp::to_iso8601(*time) : std::string();
}

HttpResponse csv(const ChargePointUnit& unit, const SessionBook& book, const HttpRequest& request,
                 const Now& now) {
    const auto& id = unit.making().charger.id;
    const Reader reader(request);
    HttpResponse response;
    response.content_type = "text/csv; charset=utf-8";
    response.body = "charger,connector,started_at,ended_at,energy_kwh,id_tag,reason,transaction_id\r\n";
    for (const auto& [row, runs] : sessions(unit, book, request, most_exported, now)) {
        response.body += fmt::format(
            "{},{},{},{},{:.3f},{},{},{}\r\n", cell(id), row.connector, text_of_time(row.started),
            text_of_time(row.ended), static_cast<double>(row.meter_stop_wh - row.meter_start_wh) / 1000,
            cell(reader.tag(row.id_tag)), row.reason,
            row.transaction_id ? std::to_string(*row.transaction_id) : std::string());
    }
    response.headers.emplace_back("Content-Disposition", "attachment; filename=\"sessions.csv\"");
    return response;
}

HttpResponse schedule(const ChargePointUnit& unit, const HttpRequest& request, const Now& now) {
    const auto& id = unit.making().charger.id;
    const auto connector = static_cast<int>(query_number(request.query, "connector", 1));
    const auto hours = std::clamp(query_number(request.query, "hours", 24), std::int64_t{1}, most_hours);
    const auto count = static_cast<int>(unit.view().connectors.size());
    if (connector < 1 || connector > count)
        return problem(404, "no_connector", fmt::format("{} has no connector {}.", id, connector));
    const ocpp::GetCompositeScheduleReq wish{connector, static_cast<int>(hours) * 3600,
                                             ocpp::ChargingRateUnitType::A};
    const auto answer = unit.schedule(wish);
    Json json{{"charger", id}, {"connector", connector}, {"until", nullptr}, {"periods", Json::array()}};
    if (!answer.chargingSchedule || !answer.scheduleStart) return json_response(json);
    const auto start = *answer.scheduleStart;
    if (now.utc) json["until"] = time_json(start + seconds(answer.chargingSchedule->duration.value_or(0)));
    for (const auto& period : answer.chargingSchedule->chargingSchedulePeriod) {
        json["periods"].push_back({{"start", time_json(start + seconds(period.startPeriod))},
                                   {"limit_a", period.limit},
                                   {"phases", period.numberPhases.value_or(3)}});
    }
    return json_response(json);
}

}  // namespace

std::vector<Route> session_routes(Site& site, const SessionBook& book, const History& history,
                                  const std::function<Now()>& now) {
    using Answer = std::function<HttpResponse(const ChargePointUnit&, const HttpRequest&)>;
    const auto of_charger = [&site](Answer answer) -> HttpHandler {
        return [&site, answer = std::move(answer)](const HttpRequest& request) {
            const auto* unit = site.find_unit(request.captured.front());
            return unit == nullptr ? no_charger(request.captured.front()) : answer(*unit, request);
        };
    };
    constexpr auto owner = at_least(Role::owner);
    constexpr auto viewer = at_least(Role::viewer);
    return {{"GET", "/api/v1/chargers/{charger}/sessions", owner,
             of_charger([&book, now](const auto& unit, const auto& request) {
                 return list(unit, book, request, now());
             })},
            {"GET", "/api/v1/chargers/{charger}/sessions.csv", owner,
             of_charger([&book, now](const auto& unit, const auto& request) {
                 return csv(unit, book, request, now());
             })},
            {"GET", "/api/v1/chargers/{charger}/history", viewer,
             of_charger([&history, now](const auto& unit, const auto&) {
                 return json_response(history.of(unit.making().charger.id, now()));
             })},
            {"GET", "/api/v1/chargers/{charger}/schedule", viewer,
             of_charger(
                 [now](const auto& unit, const auto& request) { return schedule(unit, request, now()); })}};
}

}  // namespace busbar::gateway

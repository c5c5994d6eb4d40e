// SPDX-License-Identifier: Apache-2.0
#include "gateway/ctl/reports.hpp"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "gateway/ctl/json_cells.hpp"
#include "gateway/ctl/text_table.hpp"

namespace busbar::ctl {
namespace {

using nlohmann::json;

std::string link(const json& charge_point) {
    const json& cause = at(charge_point, "/link/cause");
    const json& uplink = at(charge_point, "/link/uplink");
    const std::string state =
        text(at(charge_point, "/link/state")) + (uplink.is_null() ? "" : " by " + text(uplink));
    return cause.is_null() || cause == "" ? state : fmt::format("{} ({})", state, text(cause));
}

std::string transaction(const json& connector) {
    if (!at(connector, "/transaction").is_object()) return "-";
    return fmt::format("{} {}", text(at(connector, "/transaction/id")),
                       text(at(connector, "/transaction/id_tag")));
}

std::string status(const json& connector) {
    const json& error = at(connector, "/error_code");
    const std::string words = text(at(connector, "/status"));
    return error.is_null() || error == "NoError" ? words : fmt::format("{} ({})", words, text(error));
}

std::string limit(const json& connector) {
    const std::string applied = number(at(connector, "/limit/applied_a"), "A");
    const std::string wanted = number(at(connector, "/limit/wanted_a"), "A");
    if (applied != wanted) return fmt::format("{} (wanted {})", applied, wanted);
    const json& alone = at(connector, "/limit/without_group_a");
    return alone.is_null() ? applied : fmt::format("{} (group; {} alone)", applied, number(alone, "A"));
}

std::vector<std::string> connector_cells(const json& connector) {
    return {text(at(connector, "/id")),
            status(connector),
            transaction(connector),
            limit(connector),
            number(at(connector, "/power_w"), "W"),
            number(at(connector, "/energy_wh"), "Wh")};
}

void add_charge_point(Rows& rows, const json& charge_point) {
    std::vector<std::string> head{text(at(charge_point, "/id")), link(charge_point),
                                  text(at(charge_point, "/registration")), text(at(charge_point, "/queue"))};
    const json& connectors = list(charge_point, "/connectors");
    const json none = json::array({json::object()});
    for (const json& connector : connectors.empty() ? none : connectors) {
        auto row = head;
        for (auto& cell : connector_cells(connector)) row.push_back(std::move(cell));
        rows.push_back(std::move(row));
        head.assign(head.size(), "");
    }
}

void add_bus(Rows& rows, const json& bus) {
    static constexpr std::array cells{"/charge_point", "/unit_id",    "/exchanges",    "/timeouts",
                                      "/garbled",      "/exceptions", "/reply_p50_ms", "/reply_p99_ms",
                                      "/load",         "/last_error"};
    for (const json& unit : list(bus, "/units")) {
        std::vector<std::string> row{text(at(bus, "/id"))};
        for (const char* cell : cells) row.push_back(text(at(unit, cell)));
        rows.push_back(std::move(row));
    }
}

std::string trace_line(const json& event) {
    struct Kind {
        std::string_view name, sign;
    };
    static constexpr std::array<Kind, 4> kinds{{{"ocpp_sent", "-> csms"},
                                                {"ocpp_received", "<- csms"},
                                                {"bus_read", "read   "},
                                                {"bus_write", "write  "}}};
    const std::string kind = text(at(event, "/kind"));
    std::string_view sign = kind;
    for (const auto& known : kinds) {
        if (known.name == kind) sign = known.sign;
    }
    const json& cause = at(event, "/cause");
    const bool caused = cause.is_string() && cause != "";
    return fmt::format("{} {:<10} {} {}{}\n", text(at(event, "/t")), text(at(event, "/source")), sign,
                       text(at(event, "/text")), caused ? fmt::format("  [for {}]", text(cause)) : "");
}

}  // namespace

Result<std::string> status_report(std::string_view body) {
    const json report = json::parse(body, nullptr, false);
    if (!report.is_object()) return unexpected();
    Rows charge_points{{"CHARGE POINT", "LINK", "REGISTRATION", "QUEUE", "CONNECTOR", "STATUS", "TRANSACTION",
                        "LIMIT", "POWER", "ENERGY"}};
    for (const json& charge_point : list(report, "/charge_points"))
        add_charge_point(charge_points, charge_point);
    Rows buses{{"BUS", "CHARGE POINT", "UNIT", "EXCHANGES", "TIMEOUTS", "GARBLED", "EXCEPTIONS", "P50 MS",
                "P99 MS", "LOAD", "LAST ERROR"}};
    for (const json& bus : list(report, "/buses")) add_bus(buses, bus);
    std::string warnings;
    for (const json& one : list(report, "/warnings")) warnings += "\nGood to know: " + text(one) + "\n";
    return fmt::format("busbar {}, started {}\n\n{}\n{}{}", text(at(report, "/version")),
                       text(at(report, "/started_at")), text_table(charge_points), text_table(buses),
                       warnings);
}

Result<TracePage> trace_page(std::string_view body, bool as_json) {
    const json answer = json::parse(body, nullptr, false);
    if (!answer.is_object() || !at(answer, "/last").is_number_integer()) return unexpected();
    TracePage page;
    page.last = at(answer, "/last").get<std::int64_t>();
    for (const json& event : list(answer, "/events")) {
        page.text += as_json ? event.dump() + '\n' : trace_line(event);
        if (at(event, "/n").is_number_integer()) page.seen = at(event, "/n").get<std::int64_t>();
    }
    return page;
}

std::string problem_text(std::string_view body) {
    const json problem = json::parse(body, nullptr, false);
    const json& detail = at(problem, "/detail");
    return printable(detail.is_string() ? detail.get_ref<const std::string&>() : std::string(body));
}

}  // namespace busbar::ctl

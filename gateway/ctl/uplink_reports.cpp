// SPDX-License-Identifier: Apache-2.0
#include "gateway/ctl/uplink_reports.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "gateway/ctl/json_cells.hpp"
#include "gateway/ctl/text_table.hpp"

namespace busbar::ctl {
namespace {

using nlohmann::json;

constexpr std::size_t shown_switches = 10;

std::string megabytes(const json& bytes) {
    return bytes.is_number() ? fmt::format("{:.1f}", bytes.get<double>() / 1e6) : "-";
}

std::string traffic(const json& uplink) {
    const json& budget = at(uplink, "/traffic/budget_mb");
    const std::string used = megabytes(at(uplink, "/traffic/bytes"));
    return budget.is_null() ? used + " MB" : fmt::format("{} of {} MB", used, text(budget));
}

std::vector<std::string> uplink_cells(const json& uplink, const json& active) {
    const json& id = at(uplink, "/id");
    return {id == active ? "*" : "",
            text(id),
            text(at(uplink, "/interface")),
            text(at(uplink, "/state")),
            text(at(uplink, "/since")),
            text(at(uplink, "/sessions")),
            number(at(uplink, "/connect_ms"), "ms"),
            traffic(uplink),
            megabytes(at(uplink, "/ping/bytes_a_month")) + " MB",
            text(at(uplink, "/reason"))};
}

std::string signal(const json& signal) {
    const json& csq = at(signal, "/csq");
    if (csq.is_null()) return "signal not known";
    const auto words = fmt::format("CSQ {} ({})", text(csq), text(at(signal, "/word")));
    return at(signal, "/passes") == true ? words
                                         : fmt::format("{}: more than {} is needed, move the antenna", words,
                                                       text(at(signal, "/line")));
}

std::string modems(const json& report) {
    std::string lines;
    for (const json& uplink : list(report, "/uplinks")) {
        const json& modem = at(uplink, "/modem");
        if (!modem.is_object()) continue;
        lines +=
            fmt::format("Modem of {}: {}, operator {} ({}), {}, SIM {}\n", text(at(uplink, "/id")),
                        text(at(modem, "/state")), text(at(modem, "/operator")), text(at(modem, "/access")),
                        signal(at(modem, "/signal")), text(at(modem, "/iccid")));
        if (!at(modem, "/hindrance").is_null())
            lines += fmt::format("{} {}.\n", text(at(uplink, "/name")), text(at(modem, "/hindrance")));
    }
    return lines.empty() ? lines : "\n" + lines;
}

std::string remarks(const json& report) {
    std::string lines = fmt::format("\nIn use: {} since {} ({})\n", text(at(report, "/active")),
                                    text(at(report, "/since")), text(at(report, "/reason")));
    if (!at(report, "/preferred").is_null())
        lines += fmt::format("Chosen by hand: {}; \"busbarctl uplink auto\" ends that.\n",
                             text(at(report, "/preferred")));
    if (!at(report, "/next_choice").is_null())
        lines += fmt::format("Goes back to a better one at {}.\n", text(at(report, "/next_choice")));
    if (at(report, "/server_down") == true)
        lines += "The central system does not answer; the uplinks are fine.\n";
    return lines;
}

std::string last_switches(const json& report) {
    const json& switches = list(report, "/switches");
    if (switches.empty()) return {};
    Rows rows{{"SWITCHED AT", "TO", "BECAUSE"}};
    const auto first = switches.size() > shown_switches ? switches.size() - shown_switches : 0;
    for (std::size_t i = first; i < switches.size(); ++i) {
        const json& one = switches[i];
        rows.push_back({text(at(one, "/t")), text(at(one, "/to")), text(at(one, "/reason"))});
    }
    return "\n" + text_table(rows);
}

std::string_view verdict(const json& passed) {
    if (passed.is_boolean()) return passed == true ? "ok" : "FAILED";
    return "-";
}

}  // namespace

Result<std::string> uplinks_report(std::string_view body) {
    const json report = json::parse(body, nullptr, false);
    if (!report.is_object()) return unexpected();
    if (list(report, "/uplinks").empty())
        return std::string("No uplinks are configured: the system's routing is used as it is.\n");
    Rows rows{{"", "UPLINK", "INTERFACE", "STATE", "SINCE", "SESSIONS", "CONNECT", "THIS MONTH",
               "PINGS A MONTH", "REASON"}};
    for (const json& uplink : list(report, "/uplinks"))
        rows.push_back(uplink_cells(uplink, at(report, "/active")));
    return text_table(rows) + modems(report) + remarks(report) + last_switches(report);
}

Result<std::string> uplink_test_report(std::string_view body) {
    const json report = json::parse(body, nullptr, false);
    if (!report.is_object()) return unexpected();
    Rows rows{{"LAYER", "", "DETAIL"}};
    for (const json& layer : list(report, "/layers")) {
        rows.push_back({text(at(layer, "/layer")), std::string(verdict(at(layer, "/passed"))),
                        text(at(layer, "/detail"))});
    }
    std::string said = text_table(rows);
    if (at(report, "/intercepted") == true)
        said += "\nSomebody else answers for the central system: a captive portal or a proxy.\n";
    if (!at(report, "/portal").is_null())
        said += fmt::format("It asks to visit {}\n", text(at(report, "/portal")));
    return said;
}

bool uplink_passed(std::string_view body) {
    return at(json::parse(body, nullptr, false), "/passed") == true;
}

}  // namespace busbar::ctl

// SPDX-License-Identifier: Apache-2.0
#include "gateway/ctl/field_reports.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "gateway/ctl/json_cells.hpp"
#include "gateway/ctl/scan_configuration.hpp"
#include "gateway/ctl/text_table.hpp"

namespace busbar::ctl {
namespace {

using nlohmann::json;

std::string model_names(const json& models) {
    std::string names;
    for (const json& model : models) {
        names += fmt::format("{}{} ({} {})", names.empty() ? "" : ", ", text(at(model, "/profile")),
                             text(at(model, "/vendor")), text(at(model, "/model")));
    }
    return names;
}

std::string model_cell(const json& found) {
    const json& models = list(found, "/models");
    if (!models.empty()) return model_names(models);
    const json& could_be = list(found, "/could_be");
    return could_be.empty() ? "unknown" : "could be " + model_names(could_be);
}

std::string unit_cell(const json& found) {
    const json& any = at(found, "/any_unit_id");
    return text(at(found, "/unit_id")) + (any == true ? " (any)" : "");
}

std::string found_table(const json& scan) {
    Rows rows{{"UNIT", "LINE", "MODEL", "ANSWER"}};
    for (const json& found : list(scan, "/found")) {
        rows.push_back({unit_cell(found), text(at(found, "/setting_text")), model_cell(found),
                        text(at(found, "/answer"))});
    }
    return rows.size() > 1 ? text_table(rows) : "Nothing was found.\n";
}

std::string settings_table(const json& scan) {
    Rows rows{{"LINE", "ASKED", "ANSWERED", "SILENT", "GARBLED"}};
    for (const json& count : list(scan, "/settings")) {
        rows.push_back({text(at(count, "/setting_text")), text(at(count, "/asked")),
                        text(at(count, "/answered")), text(at(count, "/silent")),
                        text(at(count, "/garbled"))});
    }
    return rows.size() > 1 ? text_table(rows) : "";
}

std::string value_cell(const json& row) {
    const json& value = at(row, "/value");
    return value.is_number() ? fmt::format("{:.10g}", value.get<double>()) : text(value);
}

std::string trial_table(const json& trial) {
    Rows rows{{"REGISTER", "UNIT", "TABLE", "ADDRESS", "RAW", "VALUE", ""}};
    for (const json& row : list(trial, "/registers")) {
        const json& why = at(row, "/why");
        const json& connector = at(row, "/connector");
        const auto of = connector.is_number() && connector != 1 ? fmt::format(" ({})", text(connector)) : "";
        rows.push_back({text(at(row, "/name")) + of, text(at(row, "/unit_id")), text(at(row, "/table")),
                        text(at(row, "/address")), text(at(row, "/words")), value_cell(row),
                        why == "" ? "" : text(why)});
    }
    return text_table(rows);
}

/// One line a fact.
std::string facts(const json& object) {
    std::string lines;
    if (!object.is_object()) return lines;
    for (const auto& [key, value] : object.items()) lines += fmt::format("  {:<20}{}\n", key, text(value));
    return lines;
}

/// One block a connector; those of which nothing was read in one line.
std::string readings(const json& trial) {
    std::string page;
    std::string silent;
    for (const json& each : list(trial, "/connectors")) {
        const auto number = text(at(each, "/connector"));
        const json& reading = at(each, "/reading");
        if (reading.is_null()) {
            silent += (silent.empty() ? "" : ", ") + number;
            continue;
        }
        const bool alone = list(trial, "/connectors").size() == 1;
        page += "\nReading" + (alone ? "" : " of connector " + number) + ":\n" + facts(reading);
    }
    if (!silent.empty()) page += "\nNothing was read of connector " + silent + ".\n";
    return page;
}

std::string failed_exchanges(const json& trial) {
    std::string lines;
    for (const json& exchange : list(trial, "/exchanges")) {
        const json& error = at(exchange, "/error");
        if (error.is_null() || error == "") continue;
        lines += fmt::format("  {}: {}\n", text(at(exchange, "/request")), text(error));
    }
    return lines.empty() ? lines : "\nExchanges that failed:\n" + lines;
}

std::string duration(const json& seconds) {
    if (!seconds.is_number_integer()) return text(seconds) + " s";
    const auto all = seconds.get<std::int64_t>();
    if (all < 60) return fmt::format("{} s", all);
    return fmt::format("{} min {} s", all / 60, all % 60);
}

json parsed(std::string_view body) {
    return json::parse(body, nullptr, false);
}

}  // namespace

Result<std::string> scan_report(std::string_view body) {
    const json scan = parsed(body);
    if (!scan.is_object()) return unexpected();
    auto page = found_table(scan);
    if (at(scan, "/heard/bytes") != 0)
        page += fmt::format("\nHeard before asking: {}.\n", text(at(scan, "/heard/text")));
    for (const json& sentence : list(scan, "/advice")) page += fmt::format("\n{}\n", text(sentence));
    const auto configuration = configuration_of(scan);
    if (!configuration.empty()) page += "\n" + configuration;
    const auto settings = settings_table(scan);
    if (!settings.empty()) page += "\n" + settings;
    if (at(scan, "/state") == "stopped") page += "\nStopped before everything was asked.\n";
    return page;
}

std::string scan_expectation(std::string_view body) {
    const json scan = parsed(body);
    const json& left = at(scan, "/seconds_left");
    if (!left.is_number() || left == 0) return "";
    return fmt::format("If nobody answers this takes {}. Ctrl-C ends it and shows what was found.",
                       duration(left));
}

std::string scan_progress(std::string_view body) {
    const json scan = parsed(body);
    const json& progress = at(scan, "/progress");
    const auto percent = progress.is_number() ? std::lround(progress.get<double>() * 100) : 0;
    return fmt::format("{:3} %, {} left, {} found: {}", percent, duration(at(scan, "/seconds_left")),
                       list(scan, "/found").size(), text(at(scan, "/doing")));
}

ScanState scan_state(std::string_view body) {
    const json scan = parsed(body);
    const json& state = at(scan, "/state");
    return {state == "running", state == "complete", !list(scan, "/found").empty(), state == "none"};
}

Result<std::string> trial_report(std::string_view body) {
    const json trial = parsed(body);
    if (!trial.is_object()) return unexpected();
    auto page = trial_table(trial);
    if (at(trial, "/answers") == true) {
        page += readings(trial);
        const auto identity = facts(at(trial, "/identity"));
        if (!identity.empty()) page += "\nIdentity:\n" + identity;
    } else {
        page +=
            "\nNobody answers. Where is the box? busbarctl scan says its unit id, speed and parity, or what "
            "to "
            "do about the wires.\n";
    }
    return page + failed_exchanges(trial);
}

bool trial_is_good(std::string_view body) {
    const json trial = parsed(body);
    if (at(trial, "/answers") != true) return false;
    for (const json& row : list(trial, "/registers")) {
        const json& why = at(row, "/why");
        const bool refused = why.is_string() && why.get_ref<const std::string&>().starts_with("exception");
        const bool silent = at(row, "/words").is_null() && why != "write only" &&
                            why != "this charger does not have it (when)";
        if (refused || silent) return false;
    }
    return true;
}

}  // namespace busbar::ctl

// SPDX-License-Identifier: Apache-2.0
// What is wrong, and what support asks for.
#include <fmt/format.h>

#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>

#include "gateway/ctl/api_verbs.hpp"
#include "gateway/ctl/console.hpp"
#include "gateway/ctl/json_cells.hpp"
#include "gateway/ctl/text_table.hpp"

namespace busbar::ctl {
namespace {

using nlohmann::json;

struct DiagnosisWish {
    std::string charge_point;
    std::string file;
    std::string level = "debug";
};

std::string params_text(const json& params) {
    std::string text_of_all;
    if (!params.is_object()) return text_of_all;
    for (const auto& [key, value] : params.items())
        text_of_all += fmt::format("{}{}={}", text_of_all.empty() ? "" : " ", key, text(value));
    return text_of_all;
}

Result<std::string> doctor_report(std::string_view body) {
    const auto job = json::parse(body, nullptr, false);
    Rows rows{{"STEP", "", "WHAT", ""}};
    for (const auto& step : list(job, "/result/steps")) {
        rows.push_back({text(at(step, "/step")), text(at(step, "/outcome")), text(at(step, "/code")),
                        params_text(at(step, "/params"))});
        for (const char* more : {"/detail", "/cure"}) {
            if (!at(step, more).is_null()) rows.push_back({"", "", text(at(step, more)), ""});
        }
    }
    return text_table(rows);
}

Result<std::string> checklist_report(std::string_view body) {
    const auto job = json::parse(body, nullptr, false);
    Rows rows{{"ITEM", "STATE", "WHY"}};
    for (const auto& item : list(job, "/result/items"))
        rows.push_back({text(at(item, "/item")), text(at(item, "/state")), text(at(item, "/code"))});
    return text_table(rows);
}

Result<std::string> log_report(std::string_view body) {
    const auto report = json::parse(body, nullptr, false);
    std::string page;
    for (const auto& line : list(report, "/lines")) {
        page += printable(fmt::format("{} {:<7} {} {}", text(at(line, "/t")), text(at(line, "/level")),
                                      text(at(line, "/event")), text(at(line, "/text")))) +
                '\n';
    }
    return page;
}

int doctor(ApiClient& daemon, const DiagnosisWish& wish, bool as_json) {
    const json body = wish.charge_point.empty() ? json::object() : json{{"charge_point", wish.charge_point}};
    watch_for_interrupt();
    const auto end = job_end(daemon, daemon.send("POST", "/api/v1/diagnostics/connection", body.dump()));
    const int told = tell_answer(end, as_json, doctor_report);
    if (told != done) return told;
    return at(json::parse(end->body, nullptr, false), "/result/passed") == true ? done : refused;
}

int checklist(ApiClient& daemon, const DiagnosisWish& wish, bool as_json) {
    watch_for_interrupt();
    const auto target = "/api/v1/chargers/" + path_step(wish.charge_point) + "/checklist";
    return tell_answer(job_end(daemon, daemon.send("POST", target, "")), as_json, checklist_report);
}

int bundle(ApiClient& daemon, const DiagnosisWish& wish) {
    const auto end = job_end(daemon, daemon.send("POST", "/api/v1/support-bundle", ""));
    if (!end || !end->ok()) return tell_answer(end, false);
    const auto id = text(at(json::parse(end->body, nullptr, false), "/id"));
    const auto file = daemon.get("/api/v1/jobs/" + id + "/file");
    if (wish.file.empty() || !file || !file->ok()) return tell_answer(file, true);
    std::ofstream out(wish.file);
    out << file->body;
    return out.flush() ? done : refuse(wish.file + " cannot be written");
}

}  // namespace

std::vector<ApiVerb> add_diagnosis_verbs(CLI::App& cli) {
    const auto wish = std::make_shared<DiagnosisWish>();
    auto* doctor_verb = cli.add_subcommand("doctor", "Tests the way to the central system, step by step");
    doctor_verb->add_option("ID", wish->charge_point, "A charge point: tests its session too");
    auto* checklist_verb =
        cli.add_subcommand("checklist", "Goes through the automatic items of commissioning");
    checklist_verb->add_option("ID", wish->charge_point, "Charge point id")->required();
    auto* bundle_verb = cli.add_subcommand("bundle", "All that support asks for, without secrets and cards");
    bundle_verb->add_option("FILE", wish->file, "Where to put it; else it is printed");
    auto* logs = cli.add_subcommand("logs", "The last lines of the log");
    logs->add_option("--level", wish->level, "This and worse: error, warning, info or debug")
        ->capture_default_str();
    return {{doctor_verb, [wish](ApiClient& daemon, bool json) { return doctor(daemon, *wish, json); }},
            {checklist_verb, [wish](ApiClient& daemon, bool json) { return checklist(daemon, *wish, json); }},
            {bundle_verb, [wish](ApiClient& daemon, bool) { return bundle(daemon, *wish); }},
            {logs, [wish](ApiClient& daemon, bool json) {
                 return tell_answer(daemon.get("/api/v1/logs?level=" + wish->level), json, log_report);
             }}};
}

}  // namespace busbar::ctl

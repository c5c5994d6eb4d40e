// SPDX-License-Identifier: Apache-2.0
// A new release: in, when, how far, and no.
#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "gateway/ctl/api_verbs.hpp"
#include "gateway/ctl/console.hpp"
#include "gateway/ctl/json_cells.hpp"
#include "gateway/ctl/text_table.hpp"

namespace busbar::ctl {
namespace {

using nlohmann::json;

constexpr seconds longest_upload{900};

struct UpdateWish {
    std::string file;
    std::string when = "idle";
    std::string at;
    int hours = 24;
};

std::string outcome_text(const json& report) {
    const auto& outcome = at(report, "/last/outcome");
    if (outcome.is_null()) return {};
    std::string line = fmt::format("Last: {}", text(outcome));
    if (!at(report, "/last/to").is_null()) {
        line += fmt::format(", from {} to {}", text(at(report, "/last/from")), text(at(report, "/last/to")));
    }
    if (!at(report, "/last/detail").is_null()) line += fmt::format(". {}", text(at(report, "/last/detail")));
    return line + '\n';
}

std::string plan_text(const json& report) {
    if (at(report, "/plan").is_null()) return {};
    std::string line = fmt::format("When: {}", text(at(report, "/plan/when")));
    for (const char* name : {"/plan/at", "/plan/not_before"}) {
        if (!at(report, name).is_null()) line += fmt::format(" {}", text(at(report, name)));
    }
    return line + '\n';
}

Result<std::string> update_report(std::string_view body) {
    const auto report = json::parse(body, nullptr, false);
    std::string page =
        fmt::format("Installed: {}\nRollback copy: {}\nState: {}\n", text(at(report, "/installed")),
                    at(report, "/rollback_copy") == true ? "kept" : "none", text(at(report, "/state")));
    if (!at(report, "/bundle").is_null()) {
        page += fmt::format("Bundle: {} of {}, signed by the {} key\n", text(at(report, "/bundle/version")),
                            text(at(report, "/bundle/released")), text(at(report, "/bundle/key")));
        if (const auto notes = text(at(report, "/bundle/notes")); !notes.empty())
            page += printable(notes) + '\n';
    }
    return page + plan_text(report) + outcome_text(report);
}

int status(ApiClient& daemon, bool as_json) {
    return tell_answer(daemon.get("/api/v1/update"), as_json, update_report);
}

int install(ApiClient& daemon, const UpdateWish& wish, bool as_json) {
    const auto taken = daemon.send_file("PUT", "/api/v1/update/bundle", wish.file, "application/octet-stream",
                                        longest_upload);
    if (!taken && taken.error().code == Errc::io) return refuse(taken.error().detail);
    if (!taken || !taken->ok()) return tell_answer(taken, as_json);
    const json body = wish.at.empty() ? json{{"when", wish.when}} : json{{"at", wish.at}};
    const auto planned = daemon.send("POST", "/api/v1/update/install", body.dump());
    if (!planned || !planned->ok()) return tell_answer(planned, as_json);
    return status(daemon, as_json);
}

int postpone(ApiClient& daemon, const UpdateWish& wish, bool as_json) {
    const auto body = json{{"hours", wish.hours}}.dump();
    return tell_answer(daemon.send("POST", "/api/v1/update/postpone", body), as_json, update_report);
}

}  // namespace

std::vector<ApiVerb> add_update_verbs(CLI::App& cli) {
    const auto wish = std::make_shared<UpdateWish>();
    auto* update = cli.add_subcommand("update", "Installs a new release of Busbar from a signed bundle");
    update->add_option("FILE", wish->file, "The bundle");
    update->add_option("--when", wish->when, "idle: as soon as no car charges; now")
        ->check(CLI::IsMember({"idle", "now"}))
        ->capture_default_str();
    update->add_option("--at", wish->at, "At a time, cars or not: 2026-12-01T03:00:00Z");
    auto* status_verb = update->add_subcommand("status", "How far it is, and how the last one ended");
    auto* cancel = update->add_subcommand("cancel", "Forget the bundle, as long as nothing is installed");
    auto* later = update->add_subcommand("postpone", "Not within the next hours");
    later->add_option("HOURS", wish->hours)->required()->check(CLI::Range(1, 336));
    return {{status_verb, status},
            {cancel,
             [](ApiClient& daemon, bool json) {
                 return tell_answer(daemon.send("DELETE", "/api/v1/update", ""), json, update_report);
             }},
            {later, [wish](ApiClient& daemon, bool json) { return postpone(daemon, *wish, json); }},
            {update, [wish](ApiClient& daemon, bool json) {
                 if (wish->file.empty()) return status(daemon, json);
                 return install(daemon, *wish, json);
             }}};
}

}  // namespace busbar::ctl

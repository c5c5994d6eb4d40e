// SPDX-License-Identifier: Apache-2.0
// What a person does to a charger, and what it did.
#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "gateway/ctl/api_verbs.hpp"
#include "gateway/ctl/json_cells.hpp"
#include "gateway/ctl/listings.hpp"
#include "gateway/ctl/text_table.hpp"

namespace busbar::ctl {
namespace {

using nlohmann::json;

constexpr seconds longest_command{60};

struct ChargerWish {
    std::string id;
    std::string limit;  ///< A, or "none"
    int connector = 0;  ///< 0: all
    bool hard = false;
};

json body_of(const ChargerWish& wish, const std::string& action) {
    json body = json::object();
    if (wish.connector > 0) body["connector"] = wish.connector;
    if (action == "limit")
        body["limit_a"] = wish.limit == "none" ? json(nullptr) : json::parse(wish.limit, nullptr, false);
    if (action == "reset") {
        body.erase("connector");
        body["hard"] = wish.hard;
    }
    return body;
}

Result<std::string> limits_report(std::string_view body) {
    const auto report = json::parse(body, nullptr, false);
    Rows rows{{"CONNECTOR", "PAUSED", "LOCAL LIMIT"}};
    for (const auto& one : list(report, "/connectors"))
        rows.push_back({text(at(one, "/id")), at(one, "/paused") == true ? "yes" : "no",
                        number(at(one, "/limit_a"), "A")});
    return rows.size() > 1 ? text_table(rows) : std::string("done\n");
}

Result<std::string> sessions_report(std::string_view body) {
    const auto report = json::parse(body, nullptr, false);
    if (!report.is_object()) return unexpected();
    Rows rows{{"STARTED", "ENDED", "CONNECTOR", "ENERGY", "TAG", "REASON"}};
    for (const auto& one : list(report, "/sessions"))
        rows.push_back({text(at(one, "/started_at")), text(at(one, "/ended_at")), text(at(one, "/connector")),
                        number(at(one, "/energy_wh"), "Wh"), text(at(one, "/id_tag")),
                        text(at(one, "/reason"))});
    return text_table(rows);
}

const Listing schedule{"schedule",
                       "The limits ahead, as the central system's charging profiles have them",
                       "",
                       "/periods",
                       {{"FROM", "/start"}, {"LIMIT A", "/limit_a"}, {"PHASES", "/phases"}}};

ApiVerb add_schedule(CLI::App& charger, const std::shared_ptr<ChargerWish>& wish) {
    auto* verb = charger.add_subcommand(schedule.verb, schedule.help);
    verb->add_option("ID", wish->id, "Charge point id")->required();
    verb->add_option("--connector", wish->connector, "One of several");
    return {verb, [wish](ApiClient& daemon, bool as_json) {
                const auto target =
                    fmt::format("/api/v1/chargers/{}/schedule?connector={}", path_step(wish->id),
                                wish->connector > 0 ? wish->connector : 1);
                return tell_answer(daemon.get(target), as_json,
                                   [](std::string_view body) { return listing_report(schedule, body); });
            }};
}

}  // namespace

std::vector<ApiVerb> add_charger_verbs(CLI::App& cli) {
    const auto wish = std::make_shared<ChargerWish>();
    auto* charger = cli.add_subcommand(
        "charger", "Less current than the central system allows; lock, restart, limits ahead");
    charger->require_subcommand(1);
    std::vector<ApiVerb> verbs;
    const auto add = [&](const std::string& action, const char* help) {
        auto* verb = charger->add_subcommand(action, help);
        verb->add_option("ID", wish->id, "Charge point id")->required();
        if (action != "reset") verb->add_option("--connector", wish->connector, "One of several");
        verbs.push_back({verb, [wish, action](ApiClient& daemon, bool as_json) {
                             const auto target =
                                 "/api/v1/chargers/" + path_step(wish->id) + "/actions/" + action;
                             return tell_answer(
                                 daemon.send("POST", target, body_of(*wish, action).dump(), longest_command),
                                 as_json, limits_report);
                         }});
        return verb;
    };
    add("pause", "Offer no current until resumed; a transaction goes on");
    add("resume", "Take a pause back");
    add("limit", "Offer no more than this")
        ->add_option("AMPERES", wish->limit, "A a phase, or none")
        ->required();
    add("charge-now", "Wait for no off-peak hours and no random delay until this transaction ends");
    add("unlock", "Let go of the cable; not during a transaction");
    add("reset", "Start the charge point anew; transactions go on")
        ->add_flag("--hard", wish->hard, "The charger's own controller too; not during a transaction");
    verbs.push_back(add_schedule(*charger, wish));
    auto* sessions = cli.add_subcommand("sessions", "Charging sessions of the last 12 months");
    sessions->add_option("ID", wish->id, "Charge point id")->required();
    verbs.push_back({sessions, [wish](ApiClient& daemon, bool as_json) {
                         return tell_answer(
                             daemon.get("/api/v1/chargers/" + path_step(wish->id) + "/sessions"), as_json,
                             sessions_report);
                     }});
    return verbs;
}

}  // namespace busbar::ctl

// SPDX-License-Identifier: Apache-2.0
// The ways to the central system.
#include <memory>
#include <nlohmann/json.hpp>

#include "gateway/ctl/api_verbs.hpp"
#include "gateway/ctl/console.hpp"
#include "gateway/ctl/uplink_reports.hpp"

namespace busbar::ctl {
namespace {

using nlohmann::json;

constexpr seconds longest_test{60};

int test(ApiClient& daemon, const std::string& uplink, bool as_json) {
    const auto target = "/api/v1/uplinks/" + path_step(uplink) + "/test";
    const auto answer = daemon.send("POST", target, "", longest_test);
    const int told = tell_answer(answer, as_json, uplink_test_report);
    return told == done && !uplink_passed(answer->body) ? refused : told;
}

int prefer(ApiClient& daemon, const json& uplink, bool as_json) {
    return tell_answer(daemon.send("POST", "/api/v1/uplinks/prefer", json{{"id", uplink}}.dump()), as_json,
                       uplinks_report);
}

}  // namespace

std::vector<ApiVerb> add_uplink_verbs(CLI::App& cli) {
    const auto id = std::make_shared<std::string>();
    auto* uplink = cli.add_subcommand("uplink", "The ways to the central system");
    uplink->require_subcommand(1);
    auto* status = uplink->add_subcommand("status", "How each is, which is used, and why");
    auto* test_verb = uplink->add_subcommand("test", "Tries one up to the central system's certificate");
    auto* prefer_verb = uplink->add_subcommand("prefer", "Use this one whenever it works");
    auto* by_priority = uplink->add_subcommand("auto", "The priorities of the configuration decide again");
    for (auto* verb : {test_verb, prefer_verb}) verb->add_option("ID", *id)->required();
    return {{status,
             [](ApiClient& daemon, bool as_json) {
                 return tell_answer(daemon.get("/api/v1/uplinks"), as_json, uplinks_report);
             }},
            {test_verb, [id](ApiClient& daemon, bool as_json) { return test(daemon, *id, as_json); }},
            {prefer_verb, [id](ApiClient& daemon, bool as_json) { return prefer(daemon, *id, as_json); }},
            {by_priority, [](ApiClient& daemon, bool as_json) { return prefer(daemon, nullptr, as_json); }}};
}

}  // namespace busbar::ctl

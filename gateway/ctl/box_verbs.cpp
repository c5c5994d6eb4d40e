// SPDX-License-Identifier: Apache-2.0
// The box itself: its label, remote support, back to the factory.
#include <fmt/format.h>

#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "gateway/ctl/api_verbs.hpp"
#include "gateway/ctl/console.hpp"
#include "gateway/ctl/json_cells.hpp"

namespace busbar::ctl {
namespace {

using nlohmann::json;

struct BoxWish {
    bool yes = false;
    int minutes = 60;
};

/// What cannot be undone is asked for; who is not at a terminal says --yes.
bool is_sure(const BoxWish& wish) {
    if (wish.yes) return true;
    remark(
        "All of this gateway is erased: configuration, transactions that the central system has not got yet, "
        "accounts, certificates and keys. The chargers are left paused. Type yes to go on:");
    std::string word;
    return std::getline(std::cin, word) && word == "yes";
}

int factory_reset(ApiClient& daemon, const BoxWish& wish, bool as_json) {
    if (!is_sure(wish)) return refuse("nothing was done");
    return tell_answer(daemon.send("POST", "/api/v1/factory-reset", "{}"), as_json, [](std::string_view) {
        return Result<std::string>(
            "The chargers are paused; then the gateway erases itself and starts anew.\n");
    });
}

Result<std::string> label_report(std::string_view body) {
    const auto label = json::parse(body, nullptr, false);
    if (!at(label, "/name").is_string()) return unexpected();
    std::string page = fmt::format("name      {}\n", text(at(label, "/name")));
    if (at(label, "/address").is_string()) page += fmt::format("address   {}\n", text(at(label, "/address")));
    const bool has_password = at(label, "/setup_password").is_string();
    page += fmt::format("user      installer\npassword  {}\n",
                        has_password ? text(at(label, "/setup_password"))
                                     : "(was changed; busbarctl web password makes a new one)");
    if (at(label, "/access_point").is_object()) {
        page += fmt::format("WiFi      {}\nkey       {}\n", text(at(label, "/access_point/ssid")),
                            text(at(label, "/access_point/key")));
    }
    return page;
}

Result<std::string> support_report(std::string_view body) {
    const auto support = json::parse(body, nullptr, false);
    if (!at(support, "/configured").is_boolean()) return unexpected();
    if (at(support, "/configured") == false) return "Not offered: the configuration has no `support`.\n";
    if (at(support, "/active") == false) return "Off.\n";
    return fmt::format("On: {} may reach this box until {}.\n", text(at(support, "/host")),
                       text(at(support, "/until")));
}

Result<std::string> key_report(std::string_view body) {
    const auto support = json::parse(body, nullptr, false);
    const auto& key = at(support, "/public_key");
    if (!key.is_string())
        return Error{Errc::unsupported, "There is no key: the configuration has no `support`."};
    return text(key) + '\n';
}

std::vector<ApiVerb> add_support(CLI::App& cli, const std::shared_ptr<BoxWish>& wish) {
    auto* support = cli.add_subcommand("support", "Let remote support reach this box for a while");
    support->require_subcommand(1);
    auto* on = support->add_subcommand("on", "From now on, for so many minutes");
    on->add_option("MINUTES", wish->minutes)->required()->check(CLI::Range(1, 480));
    auto* off = support->add_subcommand("off", "Not any more");
    auto* status = support->add_subcommand("status", "Whether it may, and until when");
    auto* key = support->add_subcommand("key", "The public key that the server must know");
    const char* route = "/api/v1/support";
    return {
        {on,
         [wish, route](ApiClient& daemon, bool as_json) {
             const auto body = json{{"minutes", wish->minutes}}.dump();
             return tell_answer(daemon.send("POST", route, body), as_json, support_report);
         }},
        {off,
         [route](ApiClient& daemon, bool as_json) {
             return tell_answer(daemon.send("DELETE", route, ""), as_json, support_report);
         }},
        {status, [route](ApiClient& daemon,
                         bool as_json) { return tell_answer(daemon.get(route), as_json, support_report); }},
        {key, [route](ApiClient& daemon, bool as_json) {
             return tell_answer(daemon.get(route), as_json, key_report);
         }}};
}

}  // namespace

std::vector<ApiVerb> add_box_verbs(CLI::App& cli) {
    const auto wish = std::make_shared<BoxWish>();
    auto* reset = cli.add_subcommand("factory-reset", "Erase all that this gateway knows");
    reset->add_flag("--yes", wish->yes, "Do not ask");
    auto* label = cli.add_subcommand("label", "What to print on the label of this box");
    auto verbs = add_support(cli, wish);
    verbs.push_back(
        {reset, [wish](ApiClient& daemon, bool as_json) { return factory_reset(daemon, *wish, as_json); }});
    verbs.push_back({label, [](ApiClient& daemon, bool as_json) {
                         return tell_answer(daemon.get("/api/v1/label"), as_json, label_report);
                     }});
    return verbs;
}

}  // namespace busbar::ctl

// SPDX-License-Identifier: Apache-2.0
// The web pages: their certificate, and who may use them.
#include <fmt/format.h>

#include <array>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "gateway/ctl/api_verbs.hpp"
#include "gateway/ctl/console.hpp"
#include "gateway/ctl/json_cells.hpp"
#include "gateway/ctl/listings.hpp"

namespace busbar::ctl {
namespace {

using nlohmann::json;

constexpr seconds longest_hashing{30};  // by a small machine, behind others

const std::array listings{
    Listing{"users",
            "The accounts and their roles",
            "/api/v1/users",
            "/users",
            {{"USER", "/name"},
             {"ROLE", "/role"},
             {"EXPIRES", "/expires_at"},
             {"FIRST PASSWORD", "/password_change_required"}}},
    Listing{"tokens",
            "Tokens of scripts, without their secret",
            "/api/v1/tokens",
            "/tokens",
            {{"ID", "/id"},
             {"NAME", "/name"},
             {"ROLE", "/role"},
             {"MADE BY", "/user"},
             {"EXPIRES", "/expires_at"},
             {"USED", "/used_at"}}},
    Listing{"sessions",
            "Who is logged in",
            "/api/v1/sessions",
            "/sessions",
            {{"ID", "/id"}, {"USER", "/user"}, {"ROLE", "/role"}, {"FROM", "/from"}, {"SEEN", "/seen_at"}}},
    Listing{
        "log",
        "Logins, refusals and changes of access",
        "/api/v1/security-log",
        "/entries",
        {{"TIME", "/t"}, {"EVENT", "/event"}, {"USER", "/user"}, {"FROM", "/from"}, {"DETAIL", "/detail"}}},
};

/// What can be removed, and where it is listed.
struct Removable {
    const char* verb;
    const char* help;
    const char* routes;
};

constexpr std::array removables{
    Removable{"remove-user", "Remove an account; who uses it is logged out", "/api/v1/users/"},
    Removable{"remove-token", "Revoke a token", "/api/v1/tokens/"},
    Removable{"end-session", "Log somebody out", "/api/v1/sessions/"},
};

struct WebWish {
    std::string name = "installer";
    std::string role;
    std::string expires_at;
    std::string certificate;
    std::string key;
    bool self_signed = false;
};

Result<std::string> fingerprint_report(std::string_view body) {
    const auto certificate = json::parse(body, nullptr, false);
    const auto& sha256 = at(certificate, "/sha256");
    if (!sha256.is_string()) return unexpected();
    return "SHA-256  " + text(sha256) + '\n';
}

Result<std::string> password_report(std::string_view body) {
    const auto user = json::parse(body, nullptr, false);
    if (!at(user, "/password").is_string()) return unexpected();
    return fmt::format("user      {}\npassword  {}\nIt must be changed at the first login.\n",
                       text(at(user, "/name")), text(at(user, "/password")));
}

Result<std::string> token_report(std::string_view body) {
    const auto token = json::parse(body, nullptr, false);
    if (!at(token, "/token").is_string()) return unexpected();
    return fmt::format("id       {}\ntoken    {}\nexpires  {}\nIt is not shown again.\n",
                       text(at(token, "/id")), text(at(token, "/token")), text(at(token, "/expires_at")));
}

json with_role(const WebWish& wish) {
    json body{{"name", wish.name}, {"role", wish.role}};
    if (!wish.expires_at.empty()) body["expires_at"] = wish.expires_at;
    return body;
}

int put_certificate(ApiClient& daemon, const WebWish& wish, bool as_json) {
    json body{{"certificate", nullptr}, {"key", nullptr}};
    if (!wish.self_signed) {
        const auto certificate = text_in(wish.certificate);
        const auto key = text_in(wish.key);
        if (!certificate || !key) return refused;
        body = {{"certificate", *certificate}, {"key", *key}};
    }
    return tell_answer(daemon.send("PUT", "/api/v1/certificate", body.dump()), as_json, fingerprint_report);
}

ApiVerb add_password(CLI::App& web, const std::shared_ptr<WebWish>& wish) {
    auto* verb = web.add_subcommand("password", "Makes a new password for a user and prints it");
    verb->add_option("USER", wish->name)->capture_default_str();
    return {verb, [wish](ApiClient& daemon, bool as_json) {
                return tell_answer(daemon.send("PATCH", "/api/v1/users/" + path_step(wish->name),
                                               R"({"reset_password": true})", longest_hashing),
                                   as_json, password_report);
            }};
}

ApiVerb add_maker(CLI::App& web, const std::shared_ptr<WebWish>& wish, const char* name, const char* help,
                  const std::string& target, Result<std::string> (*report)(std::string_view)) {
    auto* verb = web.add_subcommand(name, help);
    verb->add_option("NAME", wish->name)->required();
    verb->add_option("ROLE", wish->role, "viewer, owner, installer or operator")->required();
    verb->add_option("--expires", wish->expires_at, "As 2027-01-31T00:00:00Z");
    return {verb, [wish, target, report](ApiClient& daemon, bool as_json) {
                return tell_answer(daemon.send("POST", target, with_role(*wish).dump(), longest_hashing),
                                   as_json, report);
            }};
}

ApiVerb add_removable(CLI::App& web, const std::shared_ptr<WebWish>& wish, const Removable& removable) {
    auto* verb = web.add_subcommand(removable.verb, removable.help);
    verb->add_option("ID", wish->name)->required();
    return {verb, [wish, routes = std::string(removable.routes)](ApiClient& daemon, bool as_json) {
                return tell_answer(daemon.send("DELETE", routes + path_step(wish->name), ""), as_json);
            }};
}

ApiVerb add_certificate(CLI::App& web, const std::shared_ptr<WebWish>& wish) {
    auto* verb = web.add_subcommand("certificate", "Use an own certificate, or a self-signed one again");
    auto* certificate = verb->add_option("CERTIFICATE", wish->certificate, "PEM chain");
    auto* key = verb->add_option("KEY", wish->key, "PEM")->needs(certificate);
    certificate->needs(key);
    verb->add_flag("--self-signed", wish->self_signed, "Make one")->excludes(certificate);
    verb->require_option(1, 2);
    return {verb,
            [wish](ApiClient& daemon, bool as_json) { return put_certificate(daemon, *wish, as_json); }};
}

}  // namespace

std::vector<ApiVerb> add_web_verbs(CLI::App& cli) {
    const auto wish = std::make_shared<WebWish>();
    auto* web = cli.add_subcommand("web", "The web pages: their certificate, and who may use them");
    web->require_subcommand(1);
    auto* fingerprint =
        web->add_subcommand("fingerprint", "SHA-256 of the certificate, to compare in a browser");
    std::vector<ApiVerb> verbs{{fingerprint, [](ApiClient& daemon, bool as_json) {
                                    return tell_answer(daemon.get("/api/v1/certificate"), as_json,
                                                       fingerprint_report);
                                }}};
    verbs.push_back(add_certificate(*web, wish));
    verbs.push_back(add_password(*web, wish));
    verbs.push_back(add_maker(*web, wish, "add-user", "Add an account and print its first password",
                              "/api/v1/users", password_report));
    verbs.push_back(add_maker(*web, wish, "add-token", "Make a token for a script and print it",
                              "/api/v1/tokens", token_report));
    for (const auto& removable : removables) verbs.push_back(add_removable(*web, wish, removable));
    for (const auto& listing : listings) verbs.push_back(add_listing(*web, listing));
    return verbs;
}

}  // namespace busbar::ctl

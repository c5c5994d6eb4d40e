// SPDX-License-Identifier: Apache-2.0
#include "gateway/ctl/web_verbs.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "gateway/ctl/answers.hpp"
#include "gateway/ctl/console.hpp"
#include "gateway/ctl/json_cells.hpp"
#include "gateway/ctl/text_table.hpp"

namespace busbar::ctl {
namespace {

using nlohmann::json;

constexpr seconds longest_hashing{30};  // by a small machine, behind others

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

Result<std::string> users_report(std::string_view body) {
    const auto users = json::parse(body, nullptr, false);
    if (!at(users, "/users").is_array()) return unexpected();
    Rows rows{{"user", "role", "expires", "first password"}};
    for (const auto& user : list(users, "/users")) {
        const bool first = at(user, "/password_change_required") == true;
        rows.push_back({text(at(user, "/name")), text(at(user, "/role")), text(at(user, "/expires_at")),
                        first ? "yes" : "-"});
    }
    return text_table(rows);
}

bool is_plain(const std::string& user) {
    return !user.empty() &&
           user.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789._-") == std::string::npos;
}

}  // namespace

int web_fingerprint(ApiClient& daemon, bool json) {
    return tell(daemon.get("/api/v1/certificate"), json, fingerprint_report);
}

int web_password(ApiClient& daemon, const std::string& user, bool json) {
    if (!is_plain(user)) return refuse("'" + user + "' is no user: a name has a-z, 0-9, '.', '_' and '-'");
    return tell(daemon.send("PATCH", "/api/v1/users/" + user, R"({"reset_password": true})", longest_hashing),
                json, password_report);
}

int web_users(ApiClient& daemon, bool json) {
    return tell(daemon.get("/api/v1/users"), json, users_report);
}

}  // namespace busbar::ctl

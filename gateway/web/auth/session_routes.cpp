// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/auth/session_routes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "gateway/web/auth/passwords.hpp"
#include "gateway/web/auth/secrets.hpp"
#include "gateway/web/json_body.hpp"
#include "gateway/web/problem.hpp"
#include "ocpp/date_time.hpp"

namespace busbar::gateway {
namespace {

using nlohmann::json;
using Respond = std::function<void(HttpResponse)>;

constexpr std::size_t longest_name = 64;
constexpr std::size_t longest_password = 256;
constexpr const char* cookie_rules = "Path=/; Secure; HttpOnly; SameSite=Strict";

void set_cookie(HttpResponse& response, const std::string& secret) {
    response.headers.emplace_back("Set-Cookie", fmt::format("__Host-busbar={}; {}", secret, cookie_rules));
}

json time_json(SteadyTime at, const Now& now) {
    if (!now.utc) return nullptr;
    return ocpp::to_iso8601(*now.utc + std::chrono::floor<seconds>(at - now.steady));
}

json session_json(Accounts& accounts, const Login& login) {
    json body{{"user", login.user},
              {"role", name_of(login.role)},
              {"password_change_required", login.must_change_password},
              {"expires_at", nullptr}};
    const auto now = accounts.now();
    for (const auto& session : accounts.sessions().all(now.steady)) {
        if (session.id == login.session) body["expires_at"] = time_json(Sessions::end_of(session), now);
    }
    return body;
}

struct Credentials {
    std::string user;
    Secret password;
};

std::optional<Credentials> credentials_of(const std::string& body) {
    const auto object = json_object(body);
    if (!object) return std::nullopt;
    auto user = text_member(*object, "user");
    auto password = text_member(*object, "password");
    if (!user || !password || user->size() > longest_name || password->size() > longest_password) {
        return std::nullopt;
    }
    return Credentials{*std::move(user), Secret(*std::move(password))};
}

HttpResponse enter(Accounts& accounts, HttpRequest request, const User& user) {
    if (user.expired(accounts.judged_at())) {
        request.login = Login{user.name, user.role};
        accounts.note(request, "login_expired");
        return problem(401, "account_expired", "This account has expired: an owner can extend it.");
    }
    accounts.throttle().succeeded(user.name, request.remote);
    // Whoever planted a session before the login has nothing of it after.
    const auto now = accounts.now().steady;
    if (const auto* old = accounts.sessions().enter(session_cookie(request), now)) {
        accounts.sessions().end(std::string(old->id));
    }
    const auto begun = accounts.sessions().begin(user.name, request.remote, now);
    Login login{user.name, user.role};
    login.must_change_password = user.must_change_password;
    login.session = begun.id;
    request.login = login;
    accounts.note(request, "login");
    auto response = json_response(session_json(accounts, login));
    set_cookie(response, begun.secret);
    return response;
}

HttpResponse log_in(Accounts& accounts, const HttpRequest& request) {
    const auto credentials = credentials_of(request.body);
    if (!credentials)
        return problem(400, "bad_request", R"(The body must be {"user": "...", "password": "..."}.)");
    if (auto wait = too_soon(accounts, credentials->user, request.remote)) return *std::move(wait);
    HttpResponse response;
    response.later = [&accounts, request, given = *credentials](const Respond& respond) {
        const auto* user = accounts.users().find(given.user);
        const auto hash = user == nullptr ? std::string() : user->password_hash;
        const bool queued =
            accounts.hash<bool>([hash, given] { return password_matches(hash, given.password); },
                                [&accounts, request, given, hash, respond](bool matches) {
                                    const auto* known = accounts.users().find(given.user);
                                    if (matches && known != nullptr && known->password_hash == hash) {
                                        return respond(enter(accounts, request, *known));
                                    }
                                    auto failed = request;
                                    // What is no user's name may be somebody's password in the wrong field.
                                    failed.login = Login{known == nullptr ? "(unknown)" : given.user};
                                    accounts.note(failed, "login_failed");
                                    respond(wrong_credentials());
                                });
        if (!queued) return respond(hashing_busy());
        accounts.throttle().begin(given.user, request.remote, accounts.now().steady);
    };
    return response;
}

HttpResponse log_out(Accounts& accounts, const HttpRequest& request) {
    if (accounts.sessions().end(request.login->session)) accounts.note(request, "logout");
    auto response = no_content();
    response.headers.emplace_back("Set-Cookie", fmt::format("__Host-busbar=; Max-Age=0; {}", cookie_rules));
    return response;
}

/// Empty: the old password does not match.
using NewHash = std::optional<Result<std::string>>;

HttpResponse take_password(Accounts& accounts, const HttpRequest& request, const std::string& old_hash,
                           const NewHash& hash) {
    const auto* user = accounts.users().find(request.login->user);
    if (!hash || user == nullptr || user->password_hash != old_hash) {
        accounts.note(request, "password_change_failed");
        return problem(401, "wrong_credentials", "The old password is wrong.");
    }
    if (!*hash) return problem(503, "busy", hash->error().detail);
    auto changed = *user;
    changed.password_hash = **hash;
    changed.must_change_password = false;
    if (const auto kept = accounts.users().put(changed); !kept)
        return problem(500, "io", kept.error().detail);
    accounts.throttle().succeeded(changed.name, request.remote);
    accounts.sessions().end_all_of(changed.name);
    accounts.note(request, "password_changed");
    auto response = no_content();
    set_cookie(response,
               accounts.sessions().begin(changed.name, request.remote, accounts.now().steady).secret);
    return response;
}

HttpResponse change_password(Accounts& accounts, const HttpRequest& request) {
    if (request.login->session.empty()) {
        return problem(403, "session_required",
                       "Only who is logged in with a browser has a password to change.");
    }
    const auto object = json_object(request.body);
    const auto old = object ? text_member(*object, "old") : std::nullopt;
    const auto fresh = object ? text_member(*object, "new") : std::nullopt;
    if (!old || !fresh)
        return problem(400, "bad_request", R"(The body must be {"old": "...", "new": "..."}.)");
    const auto& name = request.login->user;
    if (auto weak = weak_password(*fresh, name)) return *std::move(weak);
    if (*old == *fresh) {
        return problem_with({{"reason", "same"}}, 422, "weak_password", "The new password is the old one.");
    }
    if (auto wait = too_soon(accounts, name, request.remote)) return *std::move(wait);
    HttpResponse response;
    response.later = [&accounts, request, old = Secret(*old),
                      fresh = Secret(*fresh)](const Respond& respond) {
        const auto* user = accounts.users().find(request.login->user);
        const auto hash = user == nullptr ? std::string() : user->password_hash;
        const bool queued = accounts.hash<NewHash>(
            [=]() -> NewHash {
                if (!password_matches(hash, old)) return std::nullopt;
                return hash_password(fresh);
            },
            [&accounts, request, hash, respond](const NewHash& made) {
                respond(take_password(accounts, request, hash, made));
            });
        if (!queued) return respond(hashing_busy());
        accounts.throttle().begin(request.login->user, request.remote, accounts.now().steady);
    };
    return response;
}

HttpResponse list_sessions(Accounts& accounts, const Login& login) {
    const auto now = accounts.now();
    auto list = json::array();
    for (const auto& session : accounts.sessions().all(now.steady)) {
        const auto* user = accounts.users().find(session.user);
        if (user == nullptr) continue;
        list.push_back({{"id", session.id},
                        {"user", session.user},
                        {"role", name_of(user->role)},
                        {"from", session.from},
                        {"began_at", time_json(session.began, now)},
                        {"seen_at", time_json(session.seen, now)},
                        {"own", session.id == login.session}});
    }
    return json_response({{"sessions", std::move(list)}});
}

HttpResponse end_session(Accounts& accounts, const HttpRequest& request) {
    const auto sessions = accounts.sessions().all(accounts.now().steady);
    const auto found = std::find_if(sessions.begin(), sessions.end(), [&](const Session& session) {
        return session.id == request.captured.front();
    });
    if (found == sessions.end()) return problem(404, "no_session", "There is no such session.");
    accounts.sessions().end(found->id);
    accounts.note(request, "session_ended", "of " + found->user);
    return no_content();
}

}  // namespace

std::optional<HttpResponse> too_soon(Accounts& accounts, const std::string& user, const std::string& client) {
    const auto wait = accounts.throttle().wait(user, client, accounts.now().steady);
    if (wait == seconds(0)) return std::nullopt;
    auto response = problem_with(
        {{"retry_after_s", std::int64_t{wait.count()}}}, 429, "too_many_tries",
        fmt::format("Too many wrong passwords: the next try is possible in {} s.", wait.count()));
    response.headers.emplace_back("Retry-After", std::to_string(wait.count()));
    return response;
}

HttpResponse wrong_credentials() {
    return problem(401, "wrong_credentials", "User or password is wrong.");
}

std::optional<HttpResponse> weak_password(std::string_view password, std::string_view user) {
    const auto reason = weakness_of(password, user);
    if (reason.empty()) return std::nullopt;
    return problem_with(
        {{"reason", std::string(reason)}}, 422, "weak_password",
        "A password has 10 to 256 characters, 5 different ones at least, and is not the user's "
        "name or a word that everybody tries.");
}

HttpResponse hashing_busy() {
    auto response = problem(503, "busy", "Others log in at the moment: try again in a few seconds.");
    response.headers.emplace_back("Retry-After", "3");
    return response;
}

std::optional<HttpResponse> not_for_tokens(const HttpRequest& request) {
    if (request.login->control_socket || !request.login->session.empty()) return std::nullopt;
    return problem(403, "session_required", "A token cannot do this: log in with a browser.");
}

std::vector<Route> session_routes(Accounts& accounts) {
    const Access viewer{Role::viewer, true};  // also with a first password
    return {{"POST", "/api/v1/session", open_to_all,
             [&accounts](const HttpRequest& request) { return log_in(accounts, request); }},
            {"GET", "/api/v1/session", viewer,
             [&accounts](const HttpRequest& request) {
                 return json_response(session_json(accounts, *request.login));
             }},
            {"DELETE", "/api/v1/session", viewer,
             [&accounts](const HttpRequest& request) { return log_out(accounts, request); }},
            {"POST", "/api/v1/session/password", viewer,
             [&accounts](const HttpRequest& request) { return change_password(accounts, request); }},
            {"GET", "/api/v1/sessions", at_least(Role::owner),
             [&accounts](const HttpRequest& request) { return list_sessions(accounts, *request.login); }},
            {"DELETE", "/api/v1/sessions/{session}", at_least(Role::owner),
             [&accounts](const HttpRequest& request) { return end_session(accounts, request); }}};
}

}  // namespace busbar::gateway

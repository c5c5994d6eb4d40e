// SPDX-License-Identifier: Apache-2.0
// Owners manage accounts up to installer, so that they can call one in; higher roles those up to their own.
#include "gateway/web/auth/user_routes.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "gateway/web/auth/secrets.hpp"
#include "gateway/web/auth/session_routes.hpp"
#include "gateway/web/json_body.hpp"
#include "gateway/web/problem.hpp"
#include "ocpp/date_time.hpp"

namespace busbar::gateway {
namespace {

using nlohmann::json;
using Respond = std::function<void(HttpResponse)>;

json to_json(const User& user) {
    return {{"name", user.name},
            {"role", name_of(user.role)},
            {"password_change_required", user.must_change_password},
            {"expires_at", user.expires_at ? json(ocpp::to_iso8601(*user.expires_at)) : json(nullptr)}};
}

HttpResponse no_user(const std::string& name) {
    return problem(404, "no_user", "There is no user '" + name + "'.");
}

std::optional<HttpResponse> beyond(const Login& login, Role role) {
    if (role <= std::max(login.role, Role::installer)) return std::nullopt;
    return problem_with({{"role", std::string(name_of(role))}}, 403, "role_required",
                        "Only an operator manages operators.");
}

/// What a body asks of an account.
struct Wish {
    std::optional<Role> role{};
    std::optional<std::string> password{};
    bool generate = false;
    bool sets_expiry = false;
    std::optional<UtcTime> expires_at{};
};

/// Not empty: `body` is not what it should be.
std::optional<HttpResponse> read_wish(const std::optional<json>& body, Wish& wish) {
    const auto invalid = [](const char* path, const char* text) {
        return problem(422, "invalid", "The body has problems.", {config::Problem{path, text}});
    };
    if (!body) return problem(400, "bad_request", "The body must be a JSON object.");
    if (body->contains("role")) {
        wish.role = role_named(text_member(*body, "role").value_or(""));
        if (!wish.role || *wish.role == Role::metrics)
            return invalid("/role", "must be viewer, owner, installer or operator");
    }
    if (body->contains("password")) {
        wish.password = text_member(*body, "password");
        if (!wish.password) return invalid("/password", "must be text");
    }
    if (body->contains("reset_password")) wish.generate = body->at("reset_password") == true;
    wish.sets_expiry = body->contains("expires_at");
    if (!wish.sets_expiry || body->at("expires_at").is_null()) return std::nullopt;
    wish.expires_at = ocpp::parse_iso8601(text_member(*body, "expires_at").value_or(""));
    if (!wish.expires_at) return invalid("/expires_at", "must be a time as in 2026-03-01T18:00:00Z, or null");
    return std::nullopt;
}

/// Saves the user; `shown` is its new password where nobody chose one.
HttpResponse keep(Accounts& accounts, const HttpRequest& request, const User& user, const char* event,
                  int status, const std::optional<Secret>& shown) {
    const auto* before = accounts.users().find(user.name);
    const bool other_role = before != nullptr && before->role != user.role;
    const bool other_password = before != nullptr && before->password_hash != user.password_hash;
    if (const auto kept = accounts.users().put(user); !kept) {
        const bool full = kept.error().code == Errc::invalid;
        return problem(full ? 409 : 500, full ? "too_many_users" : "io", kept.error().detail);
    }
    if (other_role || other_password) accounts.sessions().end_all_of(user.name);
    // Whoever knew the old password may have made tokens with it.
    if (other_password) (void)accounts.tokens().remove_all_of(user.name);
    accounts.note(request, event, user.name + ", " + std::string(name_of(user.role)));
    auto body = to_json(user);
    if (shown) body["password"] = shown->reveal();
    return json_response(body, status);
}

/// With a password that must be hashed first.
HttpResponse keep_with_password(Accounts& accounts, const HttpRequest& request, User user, const Wish& wish,
                                const char* event, int status) {
    const bool generated = !wish.password;
    const Secret password = generated ? random_password() : Secret(*wish.password);
    user.must_change_password = true;
    HttpResponse response;
    response.later = [&accounts, request, user, password, generated, event, status](const Respond& respond) {
        const bool queued = accounts.hash<Result<std::string>>(
            [password] { return hash_password(password); },
            [=, &accounts](const Result<std::string>& hash) {
                if (!hash) return respond(problem(503, "busy", hash.error().detail));
                auto changed = user;
                changed.password_hash = *hash;
                respond(keep(accounts, request, changed, event, status,
                             generated ? std::optional(password) : std::nullopt));
            });
        if (!queued) respond(hashing_busy());
    };
    return response;
}

HttpResponse add_user(Accounts& accounts, const HttpRequest& request) {
    const auto body = json_object(request.body);
    Wish wish;
    if (auto bad = read_wish(body, wish)) return *std::move(bad);
    const auto name = text_member(*body, "name").value_or("");
    if (!is_user_name(name) || name == control_socket_user) {
        return problem(422, "invalid", "The body has problems.",
                       {config::Problem{"/name", "must be 1 to 32 of a-z, 0-9, '.', '_' and '-'"}});
    }
    if (!wish.role) {
        return problem(422, "invalid", "The body has problems.", {config::Problem{"/role", "is missing"}});
    }
    if (auto refused = beyond(*request.login, *wish.role)) return *std::move(refused);
    if (accounts.users().find(name) != nullptr) {
        return problem(409, "user_exists", "There is a user '" + name + "' already.");
    }
    if (auto weak = wish.password ? weak_password(*wish.password, name) : std::nullopt)
        return *std::move(weak);
    User user{name, *wish.role};
    user.expires_at = wish.expires_at;
    return keep_with_password(accounts, request, user, wish, "user_added", 201);
}

/// Nobody takes their own rights, and somebody who can manage users remains.
std::optional<HttpResponse> cannot_lose(Accounts& accounts, const Login& login, const std::string& name) {
    if (login.control_socket) return std::nullopt;
    if (login.user == name) {
        return problem(409, "own_account", "Nobody changes the role of their own account, or removes it.");
    }
    if (accounts.users().managed_without(name)) return std::nullopt;
    return problem(409, "last_manager", "This is the last account that can manage users.");
}

HttpResponse change_user(Accounts& accounts, const HttpRequest& request) {
    const auto& name = request.captured.front();
    const auto* user = accounts.users().find(name);
    if (user == nullptr) return no_user(name);
    Wish wish;
    if (auto bad = read_wish(json_object(request.body), wish)) return *std::move(bad);
    if (auto refused = beyond(*request.login, std::max(user->role, wish.role.value_or(user->role)))) {
        return *std::move(refused);
    }
    if (wish.role || wish.sets_expiry) {
        if (auto refused = cannot_lose(accounts, *request.login, name)) return *std::move(refused);
    }
    if (auto weak = wish.password ? weak_password(*wish.password, name) : std::nullopt)
        return *std::move(weak);
    auto changed = *user;
    if (wish.role) changed.role = *wish.role;
    if (wish.sets_expiry) changed.expires_at = wish.expires_at;
    if (!wish.password && !wish.generate) {
        return keep(accounts, request, changed, "user_changed", 200, std::nullopt);
    }
    if (auto refused = not_for_tokens(request)) return *std::move(refused);
    if (request.login->user == name && !request.login->control_socket) {
        return problem(409, "own_account", "One's own password is changed with the old one.");
    }
    return keep_with_password(accounts, request, changed, wish, "password_reset", 200);
}

HttpResponse remove_user(Accounts& accounts, const HttpRequest& request) {
    const auto name = request.captured.front();
    const auto* user = accounts.users().find(name);
    if (user == nullptr) return no_user(name);
    if (auto refused = beyond(*request.login, user->role)) return *std::move(refused);
    if (auto refused = cannot_lose(accounts, *request.login, name)) return *std::move(refused);
    if (const auto gone = accounts.users().remove(name); !gone)
        return problem(500, "io", gone.error().detail);
    (void)accounts.tokens().remove_all_of(name);
    accounts.sessions().end_all_of(name);
    accounts.note(request, "user_removed", name);
    return no_content();
}

HttpResponse list_users(Accounts& accounts) {
    auto list = json::array();
    for (const auto& user : accounts.users().all()) list.push_back(to_json(user));
    return json_response({{"users", std::move(list)}});
}

}  // namespace

std::vector<Route> user_routes(Accounts& accounts) {
    const auto owner = at_least(Role::owner);
    return {{"GET", "/api/v1/users", owner, [&accounts](const HttpRequest&) { return list_users(accounts); }},
            {"POST", "/api/v1/users", owner,
             [&accounts](const HttpRequest& request) { return add_user(accounts, request); }},
            {"PATCH", "/api/v1/users/{user}", owner,
             [&accounts](const HttpRequest& request) { return change_user(accounts, request); }},
            {"DELETE", "/api/v1/users/{user}", owner,
             [&accounts](const HttpRequest& request) { return remove_user(accounts, request); }}};
}

}  // namespace busbar::gateway

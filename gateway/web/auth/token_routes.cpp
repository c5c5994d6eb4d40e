// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "gateway/web/auth/session_routes.hpp"
#include "gateway/web/auth/user_routes.hpp"
#include "gateway/web/json_body.hpp"
#include "gateway/web/problem.hpp"
#include "ocpp/date_time.hpp"

namespace busbar::gateway {
namespace {

using nlohmann::json;

constexpr std::size_t longest_name = 64;

json to_json(const Token& token) {
    return {{"id", token.id},
            {"name", token.name},
            {"user", token.user},
            {"role", name_of(token.role)},
            {"expires_at", ocpp::to_iso8601(token.expires_at)},
            {"used_at", token.used_at ? json(ocpp::to_iso8601(*token.used_at)) : json(nullptr)}};
}

HttpResponse invalid(const char* path, const char* text) {
    return problem(422, "invalid", "The body has problems.", {config::Problem{path, text}});
}

HttpResponse add_token(Accounts& accounts, const HttpRequest& request) {
    if (auto refused = not_for_tokens(request)) return *std::move(refused);
    const auto body = json_object(request.body);
    if (!body) return problem(400, "bad_request", "The body must be a JSON object.");
    Token token{"", text_member(*body, "name").value_or(""), request.login->user};
    if (token.name.empty() || token.name.size() > longest_name) {
        return invalid("/name", "must say in 1 to 64 characters what the token is for");
    }
    const auto role = role_named(text_member(*body, "role").value_or(""));
    if (!role) return invalid("/role", "must be metrics, viewer, owner, installer or operator");
    if (*role > request.login->role) {
        return problem_with({{"role", std::string(name_of(*role))}}, 403, "role_required",
                            "A token may not do more than who makes it.");
    }
    token.role = *role;
    const auto now = accounts.judged_at();
    token.expires_at = now + Tokens::usual_life;
    if (const auto asked = text_member(*body, "expires_at")) {
        const auto time = ocpp::parse_iso8601(*asked);
        if (!time || *time <= now || *time > now + Tokens::longest_life) {
            return invalid("/expires_at",
                           "must be a time within the next 366 days; without one it is 90 days");
        }
        token.expires_at = *time;
    }
    const auto secret = accounts.tokens().add(token);
    if (!secret) {
        const bool full = secret.error().code == Errc::invalid;
        return problem(full ? 409 : 500, full ? "too_many_tokens" : "io", secret.error().detail);
    }
    accounts.note(request, "token_added", token.name + ", " + std::string(name_of(token.role)));
    auto answer = to_json(accounts.tokens().all().back());
    answer["token"] = *secret;
    return json_response(answer, 201);
}

HttpResponse remove_token(Accounts& accounts, const HttpRequest& request) {
    const auto* token = accounts.tokens().find(request.captured.front());
    if (token == nullptr) return problem(404, "no_token", "There is no such token.");
    const auto name = token->name;
    if (const auto gone = accounts.tokens().remove(token->id); !gone) {
        return problem(500, "io", gone.error().detail);
    }
    accounts.note(request, "token_removed", name);
    return no_content();
}

HttpResponse list_tokens(Accounts& accounts) {
    auto list = json::array();
    for (const auto& token : accounts.tokens().all()) list.push_back(to_json(token));
    return json_response({{"tokens", std::move(list)}});
}

HttpResponse read_log(Accounts& accounts, const std::string& query) {
    constexpr std::string_view name = "after=";
    const auto at = query.find(name);
    std::int64_t after = 0;
    if (at != std::string::npos) {
        std::from_chars(query.data() + at + name.size(), query.data() + query.size(), after);
    }
    HttpResponse response;
    response.body = accounts.security_log().page(after);
    return response;
}

}  // namespace

std::vector<Route> token_routes(Accounts& accounts) {
    const auto owner = at_least(Role::owner);
    return {
        {"GET", "/api/v1/tokens", owner, [&accounts](const HttpRequest&) { return list_tokens(accounts); }},
        {"POST", "/api/v1/tokens", owner,
         [&accounts](const HttpRequest& request) { return add_token(accounts, request); }},
        {"DELETE", "/api/v1/tokens/{token}", owner,
         [&accounts](const HttpRequest& request) { return remove_token(accounts, request); }},
        {"GET", "/api/v1/security-log", owner,
         [&accounts](const HttpRequest& request) { return read_log(accounts, request.query); }}};
}

}  // namespace busbar::gateway

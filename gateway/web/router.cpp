// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/router.hpp"

#include <optional>
#include <string_view>

#include "gateway/web/problem.hpp"

namespace busbar::gateway {
namespace {

/// The first step of a path and what follows it.
std::pair<std::string_view, std::string_view> split(std::string_view path) {
    const auto end = path.find('/');
    if (end == std::string_view::npos) return {path, {}};
    return {path.substr(0, end), path.substr(end)};
}

/// What stands for the {names} of `pattern`; empty: the path is another.
std::optional<std::vector<std::string>> match(std::string_view pattern, std::string_view path) {
    std::vector<std::string> captured;
    while (!pattern.empty() && !path.empty()) {
        const auto [wanted, more_wanted] = split(pattern.substr(1));
        const auto [step, more] = split(path.substr(1));
        const bool is_name = wanted.starts_with('{') && !step.empty();
        if (is_name) captured.emplace_back(step);
        if (!is_name && step != wanted) return std::nullopt;
        pattern = more_wanted;
        path = more;
    }
    if (!pattern.empty() || !path.empty()) return std::nullopt;
    return captured;
}

/// Why the caller may not; empty: it may.
std::optional<HttpResponse> denial(const Access& access, const std::optional<Login>& login) {
    if (!access.least) return std::nullopt;
    if (!login) return problem(401, "login_required", "Log in, or send a token.");
    if (login->must_change_password && !access.before_password_change) {
        return problem(403, "password_change_required", "Change the password first: it is not yet your own.");
    }
    if (login->role >= *access.least) return std::nullopt;
    const std::string wanted(name_of(*access.least));
    return problem_with({{"role", wanted}}, 403, "role_required",
                        "This takes the role " + wanted + " or a higher one.");
}

}  // namespace

Router::Match Router::find(const HttpRequest& request) const {
    const std::string method = request.method == "HEAD" ? "GET" : request.method;
    Match found;
    for (const auto& route : routes_) {
        auto captured = match(route.path, request.path);
        if (!captured) continue;
        if (route.method == method) return {&route, *std::move(captured)};
        found.allowed += (found.allowed.empty() ? "" : ", ") + route.method;
    }
    return found;
}

std::optional<HttpResponse> Router::refusal(const Match& match, const HttpRequest& request) {
    if (match.route != nullptr) return denial(match.route->access, request.login);
    if (match.allowed.empty()) return problem(404, "not_found", "There is nothing at " + request.path + ".");
    auto response = problem(405, "method_not_allowed", request.path + " takes " + match.allowed + ".");
    response.headers.emplace_back("Allow", match.allowed);
    return response;
}

std::optional<HttpResponse> Router::refusal(const HttpRequest& request) const {
    return refusal(find(request), request);
}

std::optional<HttpResponse> Router::prepare(HttpRequest& head, std::uint64_t& most_body) const {
    const auto match = find(head);
    if (auto refused = refusal(match, head)) return refused;
    if (!match.route->upload) return std::nullopt;
    const auto& upload = *match.route->upload;
    if (head.field("Content-Type") != upload.content_type) {
        return problem(415, "content_type",
                       "The body must be a file: Content-Type: " + upload.content_type + ".");
    }
    most_body = upload.most;
    return upload.begin(head);
}

std::string Router::body_type(const HttpRequest& head) const {
    const auto* route = find(head).route;
    return route != nullptr && route->upload ? route->upload->content_type : "application/json";
}

HttpResponse Router::operator()(const HttpRequest& request) const {
    auto match = find(request);
    if (auto refused = refusal(match, request)) return *std::move(refused);
    auto asked = request;
    asked.captured = std::move(match.captured);
    return match.route->handler(asked);
}

}  // namespace busbar::gateway

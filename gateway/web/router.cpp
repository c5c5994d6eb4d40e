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
std::optional<HttpResponse> refusal(const Access& access, const std::optional<Login>& login) {
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

HttpResponse Router::operator()(const HttpRequest& request) const {
    std::string allowed;
    for (const auto& route : routes_) {
        auto captured = match(route.path, request.path);
        if (!captured) continue;
        if (route.method == request.method) {
            if (auto refused = refusal(route.access, request.login)) return *std::move(refused);
            auto asked = request;
            asked.captured = *std::move(captured);
            return route.handler(asked);
        }
        allowed += (allowed.empty() ? "" : ", ") + route.method;
    }
    if (allowed.empty()) return problem(404, "not_found", "There is nothing at " + request.path + ".");
    auto response = problem(405, "method_not_allowed", request.path + " takes " + allowed + ".");
    response.headers.emplace_back("Allow", allowed);
    return response;
}

}  // namespace busbar::gateway

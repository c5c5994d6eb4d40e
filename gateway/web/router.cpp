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

}  // namespace

HttpResponse Router::operator()(const HttpRequest& request) const {
    std::string allowed;
    for (const auto& route : routes_) {
        auto captured = match(route.path, request.path);
        if (!captured) continue;
        if (route.method == request.method) {
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

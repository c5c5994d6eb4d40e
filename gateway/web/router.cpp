// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/router.hpp"

#include "gateway/web/problem.hpp"

namespace busbar::gateway {

HttpResponse Router::operator()(const HttpRequest& request) const {
    std::string allowed;
    for (const auto& route : routes_) {
        if (route.path != request.path) continue;
        if (route.method == request.method) return route.handler(request);
        allowed += (allowed.empty() ? "" : ", ") + route.method;
    }
    if (allowed.empty()) return problem(404, "not_found", "There is nothing at " + request.path + ".");
    auto response = problem(405, "method_not_allowed", request.path + " takes " + allowed + ".");
    response.headers.emplace_back("Allow", allowed);
    return response;
}

}  // namespace busbar::gateway

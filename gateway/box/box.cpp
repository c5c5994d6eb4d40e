// SPDX-License-Identifier: Apache-2.0
#include "gateway/box/box.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "gateway/web/auth/password_again.hpp"
#include "gateway/web/json_body.hpp"
#include "gateway/web/problem.hpp"

namespace busbar::gateway {

Box::Box(Ports ports)
    : ports_(std::move(ports)),
      factory_reset_(
          {ports_.loop, ports_.state_dir, ports_.site, ports_.update_is_running, ports_.end, ports_.log}) {}

std::vector<Route> Box::routes() {
    return {{"POST", "/api/v1/factory-reset", at_least(Role::operator_), [this](const HttpRequest& request) {
                 return with_password_again(ports_.web.accounts(), request,
                                            [this](const HttpRequest& asked) { return reset(asked); });
             }}};
}

HttpResponse Box::reset(const HttpRequest& request) {
    if (const auto begun = factory_reset_.begin(); !begun) {
        const bool busy = begun.error().code == Errc::refused;
        return problem(busy ? 409 : 500, busy ? "update_running" : "io", begun.error().detail);
    }
    ports_.web.accounts().note(request, "factory_reset_asked");
    return json_response(nlohmann::json::object(), 202);
}

}  // namespace busbar::gateway

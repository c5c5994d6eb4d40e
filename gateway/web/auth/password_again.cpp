// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/auth/password_again.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "gateway/web/auth/secrets.hpp"
#include "gateway/web/auth/session_routes.hpp"
#include "gateway/web/json_body.hpp"
#include "gateway/web/problem.hpp"

namespace busbar::gateway {
namespace {

constexpr std::size_t longest_password = 256;

}  // namespace

HttpResponse with_password_again(Accounts& accounts, const HttpRequest& request,
                                 std::function<HttpResponse(const HttpRequest&)> then) {
    if (request.login->control_socket) return then(request);
    if (auto refused = not_for_tokens(request)) return *std::move(refused);
    const auto body = json_object(request.body);
    auto password = body ? text_member(*body, "password") : std::nullopt;
    if (!password || password->size() > longest_password)
        return problem(400, "bad_request", R"(The body must be {"password": "..."}: say yours once more.)");
    if (auto wait = too_soon(accounts, request.login->user, request.remote)) return *std::move(wait);
    HttpResponse response;
    response.later = [&accounts, request, then = std::move(then), given = Secret(*std::move(password))](
                         const std::function<void(HttpResponse)>& respond) {
        const auto& name = request.login->user;
        const auto* user = accounts.users().find(name);
        const auto hash = user == nullptr ? std::string() : user->password_hash;
        const bool queued =
            accounts.hash<bool>([hash, given] { return password_matches(hash, given); },
                                [&accounts, request, then, respond](bool matches) {
                                    if (!matches) {
                                        accounts.note(request, "password_refused");
                                        return respond(wrong_credentials());
                                    }
                                    accounts.throttle().succeeded(request.login->user, request.remote);
                                    respond(then(request));
                                });
        if (!queued) return respond(hashing_busy());
        accounts.throttle().begin(name, request.remote, accounts.now().steady);
    };
    return response;
}

}  // namespace busbar::gateway

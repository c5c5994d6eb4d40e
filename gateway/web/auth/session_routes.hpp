// SPDX-License-Identifier: Apache-2.0
// Logging in and out, changing one's password, and who is logged in: routes of the API.
#pragma once

#include <vector>

#include "gateway/web/auth/accounts.hpp"
#include "gateway/web/router.hpp"

namespace busbar::gateway {

/// `accounts` outlives the routes.
std::vector<Route> session_routes(Accounts& accounts);

/// What is wrong with a new password; empty: nothing.
std::optional<HttpResponse> weak_password(std::string_view password, std::string_view user);
/// Empty: this client may try a password of `user` now.
std::optional<HttpResponse> too_soon(Accounts& accounts, const std::string& user, const std::string& client);
HttpResponse wrong_credentials();
/// Too many passwords wait to be hashed.
HttpResponse hashing_busy();
/// Only a person at a browser, or at the control socket, may; not a token. Empty: it may.
std::optional<HttpResponse> not_for_tokens(const HttpRequest& request);

}  // namespace busbar::gateway

// SPDX-License-Identifier: Apache-2.0
// Users, tokens and the security log as routes of the API.
#pragma once

#include <vector>

#include "gateway/web/auth/accounts.hpp"
#include "gateway/web/router.hpp"

namespace busbar::gateway {

/// `accounts` outlives the routes.
std::vector<Route> user_routes(Accounts& accounts);
std::vector<Route> token_routes(Accounts& accounts);

}  // namespace busbar::gateway

// SPDX-License-Identifier: Apache-2.0
// What a person may do to a charger beside the central system: less current, never more; and never the end of
// a transaction.
#pragma once

#include <vector>

#include "gateway/site.hpp"
#include "gateway/web/router.hpp"

namespace busbar::gateway {

/// `site` outlives the routes.
std::vector<Route> action_routes(Site& site);

/// 404 no_charger.
HttpResponse no_charger(const std::string& id);

}  // namespace busbar::gateway

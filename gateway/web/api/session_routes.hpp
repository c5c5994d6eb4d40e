// SPDX-License-Identifier: Apache-2.0
// What a charger did, does and will do: charging sessions, power and limit, the schedule ahead.
#pragma once

#include <functional>
#include <vector>

#include "gateway/site.hpp"
#include "gateway/store/session_book.hpp"
#include "gateway/web/api/history.hpp"
#include "gateway/web/router.hpp"

namespace busbar::gateway {

/// All of it outlives the routes.
std::vector<Route> session_routes(Site& site, const SessionBook& book, const History& history,
                                  const std::function<Now()>& now);

}  // namespace busbar::gateway

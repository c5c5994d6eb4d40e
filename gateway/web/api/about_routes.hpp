// SPDX-License-Identifier: Apache-2.0
// What this is, how long it is looked after, and what it is made of.
#pragma once

#include <string>
#include <vector>

#include "gateway/web/router.hpp"

namespace busbar::gateway {

std::vector<Route> about_routes();

/// As JSON text, for the support bundle.
std::string about_text();

}  // namespace busbar::gateway

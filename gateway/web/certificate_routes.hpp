// SPDX-License-Identifier: Apache-2.0
// The certificate of the pages as routes of the API.
#pragma once

#include <functional>
#include <vector>

#include "gateway/web/certificate_store.hpp"
#include "gateway/web/router.hpp"

namespace busbar::gateway {

/// `store` outlives the routes. `note` hears of changes.
std::vector<Route> certificate_routes(
    CertificateStore& store, std::function<void(const HttpRequest&, const std::string& detail)> note);

}  // namespace busbar::gateway

// SPDX-License-Identifier: Apache-2.0
// The routes of the local API as a table; whatever is not in it is answered here.
#pragma once

#include <string>
#include <vector>

#include "gateway/web/server.hpp"

namespace busbar::gateway {

struct Route {
    std::string method;  ///< upper case
    std::string path;    ///< whole and decoded; {name} stands for one step: /api/v1/buses/{bus}/scan
    HttpHandler handler;
};

/// An HttpHandler made of routes. Unknown path: 404 not_found. Known path, other method: 405
/// method_not_allowed with Allow.
class Router {
  public:
    explicit Router(std::vector<Route> routes) : routes_(std::move(routes)) {}
    HttpResponse operator()(const HttpRequest& request) const;

  private:
    std::vector<Route> routes_;
};

}  // namespace busbar::gateway

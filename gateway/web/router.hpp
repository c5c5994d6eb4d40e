// SPDX-License-Identifier: Apache-2.0
// The routes of the local API as a table; whatever is not in it is answered here.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "gateway/web/http.hpp"

namespace busbar::gateway {

/// For a route whose body is a file, not JSON.
struct Upload {
    std::uint64_t most = 0;    ///< bytes
    std::string content_type;  ///< that it must have
    /// The head is there, its sender may: gives it a sink, or refuses.
    std::function<std::optional<HttpResponse>(HttpRequest& head)> begin;
};

struct Route {
    std::string method;  ///< upper case
    std::string path;    ///< whole and decoded; {name} stands for one step: /api/v1/buses/{bus}/scan
    Access access;
    HttpHandler handler;
    std::optional<Upload> upload{};
};

/// An HttpHandler made of routes. Unknown path: 404 not_found. Known path, other method: 405
/// method_not_allowed with Allow. No login where the route wants one: 401 login_required. The password must
/// be changed first: 403 password_change_required. A lesser role: 403 role_required, with params.role. HEAD
/// is answered by GET.
class Router {
  public:
    explicit Router(std::vector<Route> routes) : routes_(std::move(routes)) {}
    HttpResponse operator()(const HttpRequest& request) const;
    /// What the answer would be if no handler were called; empty: one would be.
    [[nodiscard]] std::optional<HttpResponse> refusal(const HttpRequest& request) const;
    /// Before the body is read: that answer, or where it goes and how large it may be, if that is the route's
    /// to say.
    std::optional<HttpResponse> prepare(HttpRequest& head, std::uint64_t& most_body) const;
    /// The type that the body of such a request must have.
    [[nodiscard]] std::string body_type(const HttpRequest& head) const;
    [[nodiscard]] const std::vector<Route>& routes() const { return routes_; }

  private:
    struct Match {
        const Route* route = nullptr;
        std::vector<std::string> captured{};
        std::string allowed{};  ///< the methods of the path, where it has no such one
    };
    [[nodiscard]] Match find(const HttpRequest& request) const;
    [[nodiscard]] static std::optional<HttpResponse> refusal(const Match& match, const HttpRequest& request);

    std::vector<Route> routes_;
};

}  // namespace busbar::gateway

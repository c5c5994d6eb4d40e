// SPDX-License-Identifier: Apache-2.0
// What stands between the network and the routes: which requests are let in, and the rules that browsers get
// with every answer.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "gateway/web/connection.hpp"
#include "gateway/web/router.hpp"
#include "gateway/web/static_files.hpp"

namespace busbar::gateway {

struct GateRules {
    std::shared_ptr<const Router> routes;
    std::shared_ptr<const StaticFiles> pages;
    /// Who asks, by cookie or token.
    std::function<std::optional<Login>(const HttpRequest&)> identify;
    /// The Host of a request is one of ours.
    std::function<bool(std::string_view authority)> is_own;
    std::function<UtcTime()> judged_at;
    /// Browsers may be told to insist on HTTPS: the certificate is not self-signed.
    std::function<bool()> trusted_certificate;
};

/// A request passes in this order, the first that fails answers: 400 without one Host; 421 not_this_host; 405
/// or 404; 403 cross_site; 415 content_type; 401 and 403 of its route.
HttpService network_service(GateRules rules, Log log);

/// For the port without TLS: sends every request to the same place at https://. Asks nothing, tells nothing.
HttpService redirect_service(std::function<bool(std::string_view authority)> is_own, int https_port, Log log);

}  // namespace busbar::gateway

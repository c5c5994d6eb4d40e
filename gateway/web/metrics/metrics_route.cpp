// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/metrics/metrics_route.hpp"

#include <utility>

#include "gateway/web/problem.hpp"

namespace busbar::gateway {

std::vector<Route> metrics_routes(std::function<bool()> on, std::function<MetricsFacts()> facts) {
    return {{"GET", "/metrics", at_least(Role::metrics),
             [on = std::move(on), facts = std::move(facts)](const HttpRequest& request) {
                 if (!on()) return problem(404, "metrics_off", "Metrics are off: set web.metrics to true.");
                 const auto format = metrics_format(request.field("Accept"));
                 HttpResponse response;
                 response.content_type = content_type(format);
                 response.body = metrics_text(facts(), format);
                 return response;
             }}};
}

}  // namespace busbar::gateway

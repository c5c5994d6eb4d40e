// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/api/whole_trace.hpp"

#include <utility>

#include "gateway/web/api/exchange_json.hpp"
#include "gateway/web/api/trace_text.hpp"

namespace busbar::gateway {

Tags tags_for(const HttpRequest& request) {
    return request.login && request.login->control_socket ? Tags::whole : Tags::masked;
}

Route trace_route(const TraceRing& ring, std::function<const GatewaySettings&()> settings,
                  std::function<Now()> now) {
    return {"GET", "/api/v1/trace", at_least(Role::owner),
            [&ring, settings = std::move(settings), now = std::move(now)](const HttpRequest& request) {
                const auto shown = [&settings, tags = tags_for(request)](const TraceEvent& event) {
                    return shown_text(event, tags, settings());
                };
                HttpResponse response;
                response.body = trace_json(ring, query_number(request.query, "after"), now(), shown);
                return response;
            }};
}

}  // namespace busbar::gateway

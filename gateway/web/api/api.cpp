// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/api/api.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "gateway/web/api/about_routes.hpp"
#include "gateway/web/api/action_routes.hpp"
#include "gateway/web/api/backup_routes.hpp"
#include "gateway/web/api/bus_trace.hpp"
#include "gateway/web/api/charge_point_certificates.hpp"
#include "gateway/web/api/diagnosis_routes.hpp"
#include "gateway/web/api/exchange_json.hpp"
#include "gateway/web/api/ocpp_trace.hpp"
#include "gateway/web/api/port_routes.hpp"
#include "gateway/web/api/profile_routes.hpp"
#include "gateway/web/api/session_routes.hpp"
#include "gateway/web/api/setup_routes.hpp"
#include "gateway/web/api/trace_routes.hpp"

namespace busbar::gateway {

Api::Api(ApiPorts ports)
    : ports_(std::move(ports)),
      desk_(ports_.configuration),
      jobs_(ports_.now,
            [this](const std::string& job) {
                if (ports_.publish) ports_.publish("jobs", job);
            }),
      history_([this] { return ports_.site.charge_points(); }),
      checklists_({ports_.connection.loop, ports_.site, jobs_, ports_.now, ports_.state.checklists()}),
      update_(ports_.update, jobs_, ports_.now) {
    history_.start(ports_.connection.loop);
}

std::vector<Route> Api::routes() {
    std::vector<Route> all;
    const auto add = [&](std::vector<Route> some) {
        for (auto& route : some) all.push_back(std::move(route));
    };
    add(configuration_routes(desk_));
    add(action_routes(ports_.site));
    add(charge_point_certificate_routes(ports_.site));
    add(profile_routes(ports_.configuration.settings));
    add(port_routes(ports_.configuration.settings));
    add(jobs_.routes());
    add(diagnosis_routes(ports_.connection, ports_.site, jobs_));
    add(trace_routes(ports_.trace, ports_.site, ports_.configuration.settings, ports_.now));
    add(checklists_.routes());
    add(session_routes(ports_.site, ports_.sessions, history_, ports_.now));
    add(setup_routes(desk_, ports_.state.setup(), ports_.now));
    add(backup_routes(desk_, ports_.state.profiles(), ports_.now));
    add(update_.routes());
    add(bundle_routes(jobs_, bundle_parts()));
    add(log_routes(ports_.log, ports_.now));
    add(about_routes());
    return all;
}

std::string Api::support_bundle(const std::optional<UtcTime>& from, const std::optional<UtcTime>& to) const {
    return text_of(within(bundle_of(bundle_parts()), from, to));
}

std::vector<BundlePart> Api::bundle_parts() const {
    const auto configuration = [this] { return text_of(desk_.present()); };
    const auto messages = [this] {
        return text_of(ocpp_trace(ports_.trace, {"", 0, TraceRing::capacity}, ports_.now()));
    };
    const auto exchanges = [this] {
        return text_of(bus_trace(ports_.trace, {"", 0, TraceRing::capacity}, desk_.settings(), ports_.now()));
    };
    return {{"about", about_text},
            {"status", ports_.status},
            {"configuration", configuration},
            {"ocpp", messages},
            {"buses", exchanges},
            {"logs", [this] { return log_text(ports_.log, ports_.now()); }}};
}

}  // namespace busbar::gateway

// SPDX-License-Identifier: Apache-2.0
// The content of the local API: what its routes hold between two requests, and all of them as one table.
#pragma once

#include <vector>

#include "gateway/site.hpp"
#include "gateway/state_dir.hpp"
#include "gateway/store/session_book.hpp"
#include "gateway/web/api/bundle_routes.hpp"
#include "gateway/web/api/checklist_routes.hpp"
#include "gateway/web/api/configuration_routes.hpp"
#include "gateway/web/api/connection_test.hpp"
#include "gateway/web/api/history.hpp"
#include "gateway/web/api/jobs.hpp"
#include "gateway/web/api/log_ring.hpp"
#include "gateway/web/api/update_routes.hpp"
#include "gateway/web/router.hpp"

namespace busbar::gateway {

/// The running gateway as the API sees it. Everything outlives the Api.
struct ApiPorts {
    ConfigurationPort configuration;
    Site& site;
    const TraceRing& trace;
    SessionBook& sessions;
    const LogRing& log;
    StateDir state;
    std::function<Now()> now;
    std::function<std::string()> status;  ///< as GET /status
    ConnectionSurroundings connection;
    UpdateDesk& update;
    /// To whoever listens to the events of a topic; may be empty.
    std::function<void(const std::string& topic, const std::string& data)> publish{};
};

/// Loop thread only.
class Api {
  public:
    explicit Api(ApiPorts ports);

    /// The Api outlives the routes.
    [[nodiscard]] std::vector<Route> routes();

    /// The support bundle of what happened in [from, to], as JSON text without secrets and cards.
    [[nodiscard]] std::string support_bundle(const std::optional<UtcTime>& from,
                                             const std::optional<UtcTime>& to) const;

  private:
    [[nodiscard]] std::vector<BundlePart> bundle_parts() const;

    ApiPorts ports_;
    ConfigurationDesk desk_;
    Jobs jobs_;
    History history_;
    Checklists checklists_;
    UpdateApi update_;
};

}  // namespace busbar::gateway

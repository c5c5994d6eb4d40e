// SPDX-License-Identifier: Apache-2.0
// Reading and replacing the configuration over the API.
#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "gateway/settings.hpp"
#include "gateway/state_dir.hpp"
#include "gateway/web/router.hpp"

namespace busbar::gateway {

/// The configuration of the running gateway.
struct ConfigurationPort {
    std::string file;
    bool writable = false;  ///< it lies in the state directory
    std::function<const GatewaySettings&()> settings;
    /// Puts fresh settings in force as SIGHUP does; `save` is called once nothing else can fail. Error:
    /// nothing has changed.
    std::function<Result<void>(GatewaySettings fresh, const std::function<Result<void>()>& save)> take;
};

/// Replaces the configuration: the one way for PUT, setup and restore. Loop thread only.
class ConfigurationDesk {
  public:
    explicit ConfigurationDesk(ConfigurationPort port) : port_(std::move(port)) {}

    /// The file as an object with its secrets; null where it cannot be read.
    [[nodiscard]] nlohmann::ordered_json present() const;
    [[nodiscard]] std::string etag() const;
    [[nodiscard]] bool writable() const { return port_.writable; }
    [[nodiscard]] const GatewaySettings& settings() const { return port_.settings(); }

    /// Puts `wanted` in force, or only judges it. The answer is that of PUT /configuration.
    HttpResponse replace(const nlohmann::ordered_json& wanted, bool dry_run) const;

  private:
    ConfigurationPort port_;
    /// A tag must not let anybody try passwords; it lives as long as the process.
    std::string salt_ = random_name();
};

/// `desk` outlives the routes.
std::vector<Route> configuration_routes(ConfigurationDesk& desk);

}  // namespace busbar::gateway

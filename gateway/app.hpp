// SPDX-License-Identifier: Apache-2.0
// The wiring of the daemon: store, buses, charge points, links, control socket, signals; orderly start and
// stop.
#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>

#include "gateway/base/log.hpp"
#include "gateway/base/result.hpp"
#include "gateway/settings.hpp"
#include "gateway/state_dir.hpp"

namespace busbar::gateway {

struct AppFiles {
    std::string config;  ///< read again on SIGHUP
    StateDir state;
    std::string update_root{};  ///< below which an update's files lie; "" but in tests
};

/// Lives on the loop's thread. SIGTERM and SIGINT end it, limits and transactions as they are, within 5 s;
/// then the loop runs out of work. SIGHUP rereads configuration and profiles: what changed is built anew, the
/// rest notices nothing; a configuration with problems is reported and changes nothing.
class App {
  public:
    /// Error: Errc::invalid names a mistake in the configuration, others what the state directory cannot do.
    static Result<std::unique_ptr<App>> make(boost::asio::io_context& loop, AppFiles files,
                                             GatewaySettings settings, Log log);
    virtual ~App() = default;
};

}  // namespace busbar::gateway

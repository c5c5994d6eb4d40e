// SPDX-License-Identifier: Apache-2.0
// The box around the gateway: what is on its housing, its label, its way back to the factory; wiring only.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <string>
#include <vector>

#include "gateway/base/log.hpp"
#include "gateway/box/factory_reset.hpp"
#include "gateway/web/web.hpp"

namespace busbar::gateway {

/// Loop thread only.
class Box {
  public:
    struct Ports {
        boost::asio::io_context& loop;
        std::string state_dir;
        Site& site;
        Web& web;
        std::function<bool()> update_is_running;
        std::function<void()> end;  ///< of the process, as SIGTERM would
        Log log;
    };

    explicit Box(Ports ports);

    /// It outlives the routes.
    [[nodiscard]] std::vector<Route> routes();

  private:
    HttpResponse reset(const HttpRequest& request);

    Ports ports_;
    FactoryReset factory_reset_;
};

}  // namespace busbar::gateway

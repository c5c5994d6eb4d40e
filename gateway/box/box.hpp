// SPDX-License-Identifier: Apache-2.0
// The box around the gateway: what is on its housing, its label, remote support, its way back to the factory;
// wiring only.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "gateway/base/log.hpp"
#include "gateway/box/factory_reset.hpp"
#include "gateway/box/label.hpp"
#include "gateway/box/panel.hpp"
#include "gateway/box/remote_support.hpp"
#include "gateway/box/set_up_mode.hpp"
#include "gateway/settings.hpp"
#include "gateway/uplink/power_hook.hpp"
#include "gateway/uplink/uplinks.hpp"
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
        Uplinks& uplinks;
        std::function<Now()> now;
        std::function<bool()> update_is_running;
        std::function<void()> end;  ///< of the process, as SIGTERM would
        Log log;
        std::function<void(bool open)> tamper{};  ///< the housing was opened, or closed; may be empty
    };

    explicit Box(Ports ports);

    /// At start and after each reload.
    void apply(const GatewaySettings& settings);
    void stop();

    /// It outlives the routes.
    [[nodiscard]] std::vector<Route> routes();
    /// Until when remote support may reach the box; empty: it may not.
    [[nodiscard]] std::optional<UtcTime> support_until() const { return support_.until(); }

    /// By the pin of the hardware profile; empty: it has none.
    [[nodiscard]] PowerCycle modem_power();

  private:
    void cycle_modem_power(const std::function<void(const Result<void>&)>& done);
    HttpResponse reset(const HttpRequest& request);
    HttpResponse show_label(const HttpRequest& request, bool as_svg);
    [[nodiscard]] HttpResponse show_support() const;
    HttpResponse turn_support_on(const HttpRequest& request);
    HttpResponse turn_support_off(const HttpRequest& request);
    void note_box(const std::string& event);
    [[nodiscard]] Label label();
    const WifiLogin& access_point();
    [[nodiscard]] LedFacts facts() const;
    [[nodiscard]] std::string set_up_interface() const;
    [[nodiscard]] int https_port() const;

    Ports ports_;
    SteadyTime started_ = steady_now();
    config::Hardware hardware_;
    std::optional<WifiLogin> access_point_;  ///< made, and kept for good, when first asked for
    boost::asio::steady_timer modem_timer_;
    std::unique_ptr<PinHandle> modem_pin_;
    FactoryReset factory_reset_;
    SetUpMode set_up_;
    RemoteSupport support_;
    Panel panel_;
};

}  // namespace busbar::gateway

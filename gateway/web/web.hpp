// SPDX-License-Identifier: Apache-2.0
// The pages and the API on the network: listeners, certificate, accounts, events; wiring only.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "gateway/base/log.hpp"
#include "gateway/status_report.hpp"
#include "gateway/web/auth/accounts.hpp"
#include "gateway/web/certificate_store.hpp"
#include "gateway/web/event_stream.hpp"
#include "gateway/web/gate.hpp"
#include "gateway/web/metrics/gateway_metrics.hpp"
#include "gateway/web/network_server.hpp"
#include "gateway/web/passed_sockets.hpp"

namespace busbar::gateway {

/// Loop thread only. Nothing here ends the daemon: a port that cannot be had is tried again each 10 s.
class Web {
  public:
    struct Surroundings {
        boost::asio::io_context& loop;
        std::string dir;  ///< of its own, made where it is missing
        std::function<Now()> now;
        std::function<UtcTime()> judged_at;
        Log log;
    };

    explicit Web(Surroundings around);

    /// Routes of access, certificate, health and events.
    [[nodiscard]] std::vector<Route> routes();
    /// All routes of the API, before apply().
    void serve(std::shared_ptr<const Router> router) { router_ = std::move(router); }

    /// At start and after each reload. Absent: nothing listens. Sockets that systemd passed as "https" and
    /// "http" are served in place of the ports.
    void apply(const std::optional<config::Web>& settings);
    void stop();

    EventStream& events() { return events_; }
    SecurityLog& security_log() { return accounts_.security_log(); }
    [[nodiscard]] std::optional<WebReport> report() const;
    /// How many are logged in with a browser, and how many addresses logins are slowed for.
    [[nodiscard]] WebFigures figures() const;

  private:
    Result<std::unique_ptr<NetworkServer>> open(const std::string& name, int port, HttpService service,
                                                std::function<SslPtr()> ssl);
    [[nodiscard]] int https_port() const { return https_ ? https_->port() : settings_->https_port; }
    void listen();
    void listen_for_redirects();
    void look();
    void arm();
    [[nodiscard]] bool is_own(std::string_view authority) const;
    GateRules rules();

    Surroundings around_;
    PassedSockets sockets_;
    boost::asio::steady_timer timer_;
    Accounts accounts_;
    CertificateStore certificates_;
    EventStream events_;
    std::shared_ptr<const Router> router_;
    std::shared_ptr<const StaticFiles> pages_ = std::make_shared<StaticFiles>();
    std::optional<config::Web> settings_;
    OwnNames names_;
    bool certificate_ready_ = false;
    bool complained_ = false;
    int looks_ = 0;
    std::unique_ptr<NetworkServer> https_;
    std::unique_ptr<NetworkServer> http_;
};

}  // namespace busbar::gateway

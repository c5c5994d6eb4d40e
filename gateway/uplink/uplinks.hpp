// SPDX-License-Identifier: Apache-2.0
// The uplinks of the configuration as they are in force: made, exchanged when it changes, absent without it.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "gateway/base/log.hpp"
#include "gateway/dialer.hpp"
#include "gateway/path.hpp"
#include "gateway/state_dir.hpp"
#include "gateway/uplink/failover.hpp"
#include "gateway/uplink/gsm_connection.hpp"
#include "gateway/uplink/gsm_modems.hpp"
#include "gateway/uplink/link_watch.hpp"
#include "gateway/uplink/network_manager.hpp"
#include "gateway/uplink/network_setup.hpp"
#include "gateway/uplink/power_hook.hpp"
#include "gateway/uplink/uplink_accounts.hpp"
#include "gateway/uplink/uplink_journal.hpp"
#include "gateway/uplink/uplink_memory.hpp"
#include "gateway/uplink/uplink_report.hpp"

namespace busbar::gateway {

/// An interface that the configuration names, with what is known of it now.
struct NetworkInterface {
    std::string interface;
    config::UplinkKind kind;
    InterfaceFacts facts;
};

/// Loop thread only.
class Uplinks {
  public:
    struct Surroundings {
        boost::asio::io_context& loop;
        const TlsClient& tls;
        Dialer& dialer;
        StateDir state;
        SessionPort sessions;
        std::function<Now()> now;
        Log log;
        std::function<void(UtcTime)> network_time;  ///< a mobile network told the time just now
        /// How the box cuts its modem's power, asked at each apply(); may be empty, or give an empty one.
        std::function<PowerCycle()> modem_power{};
    };

    explicit Uplinks(Surroundings around);

    /// At start, and at each reload. Where uplinks, failover or the central system are others, the sessions
    /// move to the choice made anew.
    void apply(const config::Config& config);

    /// Before the end: keeps what is remembered.
    void stop();

    /// For the next dial: of the uplink in use, or the system's routing where none are configured.
    [[nodiscard]] const Path& path() const { return failover_ ? failover_->path() : system_path_; }
    /// A session could not connect by this uplink (id), or it fell silent.
    void on_doubt(const std::string& uplink);

    /// Of all that are not local; empty where none are configured.
    [[nodiscard]] UplinksReport report();
    [[nodiscard]] bool has(const std::string& uplink) {
        return failover_ && failover_->find(uplink) != nullptr;
    }
    /// A person's choice, kept over restarts; "" leaves it to the priorities. REQUIRES: has(), or "".
    void prefer(const std::string& uplink);
    /// All layers of one uplink; `done` gets uplink_test_json(), later or at once. REQUIRES: has().
    void test(const std::string& uplink, std::function<void(std::string)> done);

    /// For a person who sets addresses or WiFi; null: that is not our business. Good until the next apply().
    [[nodiscard]] NetworkSetup* setup() { return setup_.get(); }
    /// Of all uplinks, the local ones too.
    [[nodiscard]] std::vector<NetworkInterface> network() const;
    /// Of the modem, where there is one that tells.
    [[nodiscard]] SimIdentity sim() const { return modems_ ? modems_->sim() : SimIdentity{}; }

  private:
    void make(const config::Config& config);
    void make_modems(const config::Config& config);
    void manage(const config::Config& config);
    void unmanage();
    void on_devices();
    [[nodiscard]] bool watch();
    [[nodiscard]] InterfacesFacts interfaces() const;
    void tell_interfaces();
    void route();
    [[nodiscard]] std::string stamp(SteadyTime at) const;
    [[nodiscard]] UplinkReport report_of(const Uplink& uplink, const std::vector<SessionView>& sessions);

    Surroundings around_;
    Path system_path_;
    std::unique_ptr<config::Config> applied_;
    std::unique_ptr<UplinkJournal> journal_;
    std::unique_ptr<UplinkMemory> memory_;
    std::unique_ptr<LinkWatch> watch_;
    std::string modem_interface_;              ///< of the one uplink by GSM; "" none
    std::unique_ptr<NetworkManager> manager_;  ///< null: addresses and routes are somebody else's
    std::unique_ptr<NetworkSetup> setup_;      ///< as manager_
    std::unique_ptr<GsmConnection> gsm_;       ///< null: no uplink by GSM, or several, or no manager_
    std::unique_ptr<Failover> failover_;       ///< null: the system routes
    std::unique_ptr<UplinkAccounts> accounts_;
    std::unique_ptr<GsmModems> modems_;  ///< null: no uplink of the kind, or none of our business
};

}  // namespace busbar::gateway

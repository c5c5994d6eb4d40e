// SPDX-License-Identifier: Apache-2.0
// The uplinks of the configuration as they are in force: made, exchanged when it changes, absent without it.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "config/config.hpp"
#include "gateway/base/log.hpp"
#include "gateway/dialer.hpp"
#include "gateway/path.hpp"
#include "gateway/state_dir.hpp"
#include "gateway/uplink/failover.hpp"
#include "gateway/uplink/gsm_modems.hpp"
#include "gateway/uplink/link_watch.hpp"
#include "gateway/uplink/uplink_journal.hpp"

namespace busbar::gateway {

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
    };

    explicit Uplinks(Surroundings around);

    /// At start, and at each reload. Where uplinks, failover or the central system are others, the sessions
    /// move to the choice made anew.
    void apply(const config::Config& config);

    /// For the next dial: of the uplink in use, or the system's routing where none are configured.
    [[nodiscard]] const Path& path() const { return failover_ ? failover_->path() : system_path_; }
    /// A session could not connect by this uplink (id), or it fell silent.
    void on_doubt(const std::string& uplink);

    /// Empty: no modem, or no SIM that is known.
    [[nodiscard]] std::optional<SimIdentity> sim() const { return modems_ ? modems_->sim() : std::nullopt; }
    /// Null: the uplink has no modem.
    [[nodiscard]] const ModemCare* modem(const std::string& uplink) const {
        return modems_ ? modems_->find(uplink) : nullptr;
    }

  private:
    void make(const config::Config& config);
    void make_modems(const config::Config& config);
    [[nodiscard]] InterfacesFacts interfaces() const;

    Surroundings around_;
    Path system_path_;
    std::unique_ptr<config::Config> applied_;
    std::unique_ptr<UplinkJournal> journal_;
    std::unique_ptr<LinkWatch> watch_;
    std::unique_ptr<Failover> failover_;  ///< null: the system routes
    std::unique_ptr<GsmModems> modems_;   ///< null: no uplink of the kind, or none of our business
};

}  // namespace busbar::gateway

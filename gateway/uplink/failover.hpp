// SPDX-License-Identifier: Apache-2.0
// Keeps the sessions on the best uplink: gathers the evidence, asks the pure choice, and carries it out.
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
#include "gateway/dialer.hpp"
#include "gateway/uplink/link_table.hpp"
#include "gateway/uplink/selection.hpp"
#include "gateway/uplink/session_port.hpp"
#include "gateway/uplink/traffic_evidence.hpp"
#include "gateway/uplink/uplink.hpp"
#include "gateway/uplink/uplink_journal.hpp"

namespace busbar::gateway {

/// Loop thread only.
class Failover {
  public:
    struct Surroundings {
        boost::asio::io_context& loop;
        const TlsClient& tls;
        Dialer& dialer;
        UplinkJournal& journal;
        SessionPort sessions;
        std::function<std::string(SteadyTime)>
            stamp;  ///< for people: ISO 8601, "" while the time is not known
        Log log;
    };

    /// REQUIRES: `config` has an uplink that is not local. What `around` refers to outlives this. The first
    /// choice is made at once; `preferred` is what a person chose before, "" nothing.
    Failover(const config::Config& config, const std::string& preferred, const InterfacesFacts& interfaces,
             Surroundings around);
    ~Failover();  ///< lets dials that were held go on
    Failover(const Failover&) = delete;
    Failover& operator=(const Failover&) = delete;

    /// For the next dial.
    [[nodiscard]] const Path& path() const { return active().path(); }

    /// All interfaces as they are now, whoever says it.
    void on_interfaces(const InterfacesFacts& interfaces);
    /// `chosen` is called after each switch, when all of this shows the new choice.
    void on_switch(std::function<void()> chosen) { chosen_ = std::move(chosen); }
    /// A session could not connect by this uplink, or it fell silent.
    void on_doubt(const std::string& uplink);
    /// A person's choice; "" leaves it to the priorities. REQUIRES: there is such an uplink.
    void prefer(const std::string& id);

    [[nodiscard]] Uplink* find(const std::string& id);
    [[nodiscard]] const std::vector<std::unique_ptr<Uplink>>& uplinks() const { return uplinks_; }
    [[nodiscard]] const Selection& selection() const { return *selection_; }
    [[nodiscard]] const std::string& preferred() const { return policy_.preferred; }
    /// When the sessions go back to a better uplink if all stays as it is.
    [[nodiscard]] std::optional<SteadyTime> next_choice() const;

  private:
    void on_reached(const std::string& uplink);
    void review();
    void carry_out(const Selection& choice);
    void watch();
    void show();
    void arm();
    void look_later();
    void look();
    void call_stragglers();
    [[nodiscard]] const Uplink& active() const;
    [[nodiscard]] std::vector<UplinkView> views() const;

    Surroundings around_;
    std::function<void()> chosen_ = [] {};
    FailoverPolicy policy_;
    std::vector<std::unique_ptr<Uplink>> uplinks_;
    std::optional<Selection> selection_;
    bool active_failed_ = false;  ///< at the last review
    TrafficEvidence evidence_;
    SteadyTime stragglers_called_{};
    boost::asio::steady_timer choice_timer_;
    boost::asio::steady_timer look_timer_;
};

}  // namespace busbar::gateway

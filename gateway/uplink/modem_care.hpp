// SPDX-License-Identifier: Apache-2.0
// Looks after the modem of one GSM uplink: opens its SIM, switches it on, brings it back when it hangs, and
// says what stands in its way.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "config/config.hpp"
#include "gateway/base/log.hpp"
#include "gateway/uplink/modem_facts.hpp"
#include "gateway/uplink/modem_ladder.hpp"
#include "gateway/uplink/modem_manager.hpp"
#include "gateway/uplink/power_hook.hpp"
#include "gateway/uplink/sim_pin_policy.hpp"

namespace busbar::gateway {

/// How the uplink fares; the modem's part of the evidence is left to the care.
using UplinkEvidence = std::function<ModemEvidence()>;

/// The modem of an uplink: the one that has the interface among its ports, else the first one (a modem that
/// dials makes ppp0 later); null: there is none.
const Modems::value_type* modem_of(const Modems& modems, const std::string& interface);

/// Loop thread only.
class ModemCare {
  public:
    /// `pin_file`: which PINs were tried, over restarts. `power` cuts it where the settings name no program.
    /// `manager` outlives this.
    ModemCare(boost::asio::io_context& loop, ModemManager& manager, config::Uplink settings,
              std::string pin_file, UplinkEvidence evidence, const Log& log, PowerCycle power = {});
    ~ModemCare();
    ModemCare(const ModemCare&) = delete;
    ModemCare& operator=(const ModemCare&) = delete;

    /// The manager's modems are others.
    void on_modems();

    [[nodiscard]] const std::string& uplink() const { return settings_.id; }
    [[nodiscard]] const std::string& interface() const { return settings_.interface; }
    /// Null: there is no modem.
    [[nodiscard]] const ModemFacts* modem() const;
    /// For InterfaceFacts.
    [[nodiscard]] std::string hindrance() const;
    [[nodiscard]] const ModemLadder& ladder() const { return ladder_; }

  private:
    void open_sim(const std::string& path, const ModemFacts& modem);
    void send_pin(const std::string& path, const std::string& iccid);
    void pin_answered(const std::string& iccid, const Result<void>& answer);
    bool remember(const std::string& iccid, std::optional<PinOutcome> outcome);
    void switch_on(const std::string& path, const ModemFacts& modem);
    void watch();
    void review();
    void take(ModemStep step);
    ModemManager::Done report(std::string what);

    boost::asio::io_context& loop_;
    ModemManager& manager_;
    config::Uplink settings_;
    std::string pin_file_;
    UplinkEvidence evidence_;
    PowerCycle power_;
    Log log_;
    PinMemory pins_;
    ModemLadder ladder_;
    boost::asio::steady_timer timer_;
    std::string path_;         ///< of the modem; "": none
    std::string pin_sent_to_;  ///< modem: once in its life
    std::string switched_on_;  ///< modem: once in its life
    std::string asked_;        ///< of the person, as said last
    std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

}  // namespace busbar::gateway

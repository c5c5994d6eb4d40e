// SPDX-License-Identifier: Apache-2.0
// The modems of all GSM uplinks, looked after through one ModemManager.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "gateway/base/log.hpp"
#include "gateway/base/sim_identity.hpp"
#include "gateway/uplink/failover.hpp"
#include "gateway/uplink/interface_facts.hpp"
#include "gateway/uplink/modem_care.hpp"
#include "gateway/uplink/modem_manager.hpp"

namespace busbar::gateway {

/// How the uplink fares at present, as far as it concerns its modem.
ModemEvidence evidence_of(const Failover& failover, const std::string& uplink);

/// True: an uplink goes through a modem, and the interfaces are not somebody else's business.
bool wants_modems(const config::Config& config);

/// Loop thread only.
class GsmModems {
  public:
    struct Surroundings {
        boost::asio::io_context& loop;
        std::string pin_file;
        std::function<ModemEvidence(const std::string& uplink)> evidence;
        std::function<void()> changed;  ///< add_to() may add something else
        std::function<void(UtcTime)> network_time;
        Log log;
        PowerCycle power{};  ///< of modems without a program of their own; may be empty
    };

    GsmModems(const std::vector<config::Uplink>& uplinks, const Surroundings& around);

    /// What stands in the modems' way, to the interfaces they are to make.
    void add_to(InterfacesFacts& interfaces) const;
    /// Of the first modem that tells its ICCID.
    [[nodiscard]] SimIdentity sim() const;
    /// Null: the uplink has no modem.
    [[nodiscard]] const ModemCare* find(const std::string& uplink) const;

  private:
    ModemManager manager_;
    std::vector<std::unique_ptr<ModemCare>> cares_;
};

}  // namespace busbar::gateway

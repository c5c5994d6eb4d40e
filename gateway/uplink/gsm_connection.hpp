// SPDX-License-Identifier: Apache-2.0
// NetworkManager's profile for the GSM uplink: what makes the modem connect, and with which APN.
#pragma once

#include <memory>
#include <string>

#include "gateway/base/log.hpp"
#include "gateway/uplink/connection_profiles.hpp"
#include "gateway/uplink/network_manager.hpp"

namespace busbar::gateway {

/// Loop thread only. The profile lives in NetworkManager's memory: a restart of this program leaves the
/// connection up, one of NetworkManager's gets the profile anew.
class GsmConnection {
  public:
    /// `manager` outlives this.
    GsmConnection(NetworkManager& manager, GsmAccess access, Log log);

    /// The manager's devices may be others: a modem that appears gets the profile.
    void on_devices();

  private:
    void offer();
    void add();
    void compare(const std::string& profile);
    void update(const std::string& profile, bool is_other);
    void connect(const std::string& profile);
    /// `then` is called where the call went well; else it is said.
    void call(const std::string& path, const char* interface, const char* method,
              std::vector<dbus::Value> arguments, std::function<void(const SystemBus::Values&)> then);
    void complain(const Error& error);

    NetworkManager& manager_;
    GsmAccess access_;
    Log log_;
    std::string modem_;  ///< path of the device that was last offered the profile; "" none is there
    std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

}  // namespace busbar::gateway

// SPDX-License-Identifier: Apache-2.0
// A D-Bus of our own, and python3-dbusmock's NetworkManager on it.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <string>

#include "gateway/uplink/system_bus.hpp"

namespace busbar::gateway::testing {

class NetworkBed {
  public:
    NetworkBed();   ///< nothing runs yet; DBUS_SYSTEM_BUS_ADDRESS is that of start_bus()
    ~NetworkBed();  ///< nothing runs any more
    NetworkBed(const NetworkBed&) = delete;
    NetworkBed& operator=(const NetworkBed&) = delete;

    /// "" where all that it needs is installed.
    static std::string what_is_missing();

    void start_bus();
    void stop_bus();  ///< and the manager with it
    void start_manager();
    void stop_manager();

    /// Python, run within the mock; it may set `ret` to a string. `objects` has all mocked objects by path.
    std::string run(const std::string& python);

  private:
    SystemBus::Values must(const SystemBus::Call& call);

    std::filesystem::path folder_;
    pid_t bus_ = -1;
    pid_t manager_ = -1;
    int methods_ = 0;
    boost::asio::io_context loop_;
    std::unique_ptr<SystemBus> control_;
};

}  // namespace busbar::gateway::testing

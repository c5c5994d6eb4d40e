// SPDX-License-Identifier: Apache-2.0
// Follows NetworkManager: what it knows of the devices, and whether it is there at all; gives the default
// route to the uplink in use.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "gateway/backoff.hpp"
#include "gateway/base/log.hpp"
#include "gateway/uplink/device_facts.hpp"
#include "gateway/uplink/system_bus.hpp"

namespace busbar::gateway {

/// Loop thread only. Where there is no bus, no NetworkManager, or it goes away, no device is known, which is
/// said once; it is looked for again for ever.
class NetworkManager {
  public:
    struct Surroundings {
        boost::asio::io_context& loop;
        std::function<void()> changed;  ///< devices() may be others
        Log log;
    };

    explicit NetworkManager(Surroundings around);
    ~NetworkManager();  ///< puts the routes back; waits for that, a second for each at most
    NetworkManager(const NetworkManager&) = delete;
    NetworkManager& operator=(const NetworkManager&) = delete;

    [[nodiscard]] const std::vector<NetworkDevice>& devices() const { return devices_; }
    /// As of devices(): for what is not told of a device there.
    [[nodiscard]] const dbus::Objects& objects() const { return objects_; }

    /// By interface: metrics for their default routes, in force until others are given. A device is told
    /// when its metric is another, and when it comes up.
    void set_route_metrics(std::map<std::string, std::int64_t> metrics, std::string modem_interface);

    /// A method of NetworkManager. Error: as SystemBus has them; io while it is not there.
    void call(const std::string& path, const std::string& interface, const std::string& method,
              std::vector<dbus::Value> arguments, SystemBus::Reply reply);
    /// NMDeviceStateReason; empty: nothing failed since it was connected last, or forget_failure().
    [[nodiscard]] std::optional<std::uint32_t> failure_of(const std::string& device_path) const;
    void forget_failure(const std::string& device_path) { failures_.erase(device_path); }
    /// Asks for all objects now; `devices()` are fresh when `done` is called. Error: it is not there.
    void refresh(std::function<void(Result<void>)> done);

  private:
    void look();
    Result<void> connect();
    void look_again();
    void absent(const std::string& why);
    void forget();
    void on_owner(const SystemBus::Signal& signal);
    void on_state(const SystemBus::Signal& signal);
    void fetch_soon();
    void fetch();
    void take(dbus::Objects objects);
    void answer(const Result<void>& result);
    void route();
    void reapply(const std::string& interface, const std::string& path, std::int64_t metric);
    void reapplied(const std::string& interface, const Result<SystemBus::Values>& result) const;

    Surroundings around_;
    std::unique_ptr<SystemBus> bus_;
    boost::asio::steady_timer retry_timer_;
    boost::asio::steady_timer fetch_timer_;
    std::minstd_rand random_;
    Backoff backoff_;
    bool absence_told_ = false;
    bool fetching_ = false;
    bool fetch_again_ = false;
    std::vector<std::function<void(Result<void>)>> waiting_;  ///< for the fetch under way
    dbus::Objects objects_;
    DeviceFailures failures_;
    std::vector<NetworkDevice> devices_;
    std::string modem_interface_;
    std::map<std::string, std::int64_t> metrics_;  ///< wanted
    std::map<std::string, std::int64_t> told_;     ///< to a device that is up since
};

}  // namespace busbar::gateway

// SPDX-License-Identifier: Apache-2.0
// What a person sets at the box through NetworkManager: WiFi, the access point for set-up, addresses.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/base/result.hpp"
#include "gateway/base/time.hpp"
#include "gateway/uplink/connection_profiles.hpp"
#include "gateway/uplink/network_manager.hpp"

namespace busbar::gateway {

/// A change of address that goes back unless it is confirmed.
struct PendingAddress {
    std::string interface;
    std::string address;  ///< "": by DHCP
    SteadyTime until;
};

/// Loop thread only. Each answers once, later or at once; none after the destruction. Error: in words for the
/// person.
class NetworkSetup {
  public:
    using Done = std::function<void(Result<void>)>;

    /// `manager` outlives this.
    NetworkSetup(boost::asio::io_context& loop, NetworkManager& manager);
    ~NetworkSetup();
    NetworkSetup(const NetworkSetup&) = delete;
    NetworkSetup& operator=(const NetworkSetup&) = delete;

    /// Within 15 s. While the device is an access point it hears nothing: scan before.
    void scan(const std::string& interface, std::function<void(Result<std::vector<WifiNetwork>>)> done);
    /// Within 45 s. A network that was joined is kept over restarts, one that was not leaves no trace.
    void join(const std::string& interface, const WifiLogin& login, const Done& done);

    /// Gone with the next start, or when the device joins a network.
    void open_access_point(const std::string& interface, const WifiLogin& login, const Done& done);
    void close_access_point(const std::string& interface, const Done& done);

    /// Empty: by DHCP. What was before comes back by itself where nobody calls confirm() within `confirm`,
    /// also when this program does not live to see it. Error: refused, while another change waits for
    /// confirm().
    void set_address(const std::string& interface, const std::optional<StaticAddress>& address,
                     seconds confirm, const Done& done);
    /// Whoever asked for the change still reaches the box. Error: there is nothing to confirm any more.
    void confirm(const Done& done);
    /// What waits for confirm().
    [[nodiscard]] std::optional<PendingAddress> pending() const;

  private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace busbar::gateway

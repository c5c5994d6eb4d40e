// SPDX-License-Identifier: Apache-2.0
// The access point for set-up, opened by the button for a while.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <string>

#include "gateway/base/log.hpp"
#include "gateway/uplink/network_setup.hpp"

namespace busbar::gateway {

/// Loop thread only.
class SetUpMode {
  public:
    static constexpr seconds lasts{15 * 60};

    struct Ports {
        boost::asio::io_context& loop;
        std::function<NetworkSetup*()> network;  ///< null: nobody's here to open one
        std::function<std::string()> interface;  ///< "": there is no WiFi
        std::function<WifiLogin()> login;
        Log log;
    };

    explicit SetUpMode(Ports ports);

    /// Opens it, or closes it where it is open. Says in the log why it cannot.
    void toggle();
    [[nodiscard]] bool is_open() const { return !interface_.empty(); }

  private:
    void close();

    Ports ports_;
    boost::asio::steady_timer timer_;
    std::string interface_;  ///< it is open on; "": closed
    std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

}  // namespace busbar::gateway

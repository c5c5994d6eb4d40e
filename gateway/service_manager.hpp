// SPDX-License-Identifier: Apache-2.0
// What systemd is told where it started us: ready, a line of status, the sign that feeds its watchdog.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <string>
#include <vector>

#include "gateway/base/log.hpp"
#include "gateway/status_report.hpp"
#include "gateway/watchdog.hpp"

namespace busbar::gateway {

/// Loop thread only, so that a loop that hangs feeds nothing. Threads are looked after without systemd too.
class ServiceManager {
  public:
    struct Ports {
        /// Asks every thread that owes nothing for a sign of life; gives what is owed then.
        std::function<std::vector<Owed>(SteadyTime)> ask_threads;
        std::function<std::string()> status;  ///< one line for people
    };

    ServiceManager(boost::asio::io_context& loop, Ports ports, Log log);

    void ready();
    void stopping();

  private:
    void look();

    boost::asio::steady_timer timer_;
    Ports ports_;
    Log log_;
    Watchdog watchdog_;
    std::string told_;
};

/// "2 of 3 charge points connected, 1 charging": for `systemctl status`.
std::string status_line(const std::vector<ChargePointReport>& charge_points);

/// Before the loop: why the process ends now. One line.
void tell_service_manager(const std::string& status);

}  // namespace busbar::gateway

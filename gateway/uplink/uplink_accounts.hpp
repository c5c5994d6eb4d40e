// SPDX-License-Identifier: Apache-2.0
// Every ten seconds: what each uplink has used this month, whether its budget is near, and where it last
// found the central system.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <string>

#include "gateway/base/log.hpp"
#include "gateway/uplink/failover.hpp"
#include "gateway/uplink/uplink_memory.hpp"

namespace busbar::gateway {

/// What a ping and its pong cost as IP packets over TLS 1.2, measured.
constexpr std::uint64_t bytes_a_ping = 283;

/// Of `sessions` for thirty days.
std::uint64_t ping_bytes_a_month(std::size_t sessions, seconds interval);

/// Loop thread only; never holds anything up: OCPP goes on when a budget is spent.
class UplinkAccounts {
  public:
    /// All outlive this. `month`: "2026-11", "" while the time is not known.
    UplinkAccounts(boost::asio::io_context& loop, Failover& failover, UplinkMemory& memory, HostPort central,
                   std::function<std::string()> month, Log log);
    UplinkAccounts(const UplinkAccounts&) = delete;
    UplinkAccounts& operator=(const UplinkAccounts&) = delete;

    /// Reads the counters now.
    void count();

  private:
    void recall();
    void count_later();
    void count(const config::Uplink& uplink);
    void keep_address(const Uplink& uplink);

    Failover& failover_;
    UplinkMemory& memory_;
    HostPort central_;
    std::function<std::string()> month_;
    std::string boot_id_;
    Log log_;
    boost::asio::steady_timer timer_;
};

}  // namespace busbar::gateway

// SPDX-License-Identifier: Apache-2.0
// What the gateway says of its uplinks as JSON: GET /api/v1/uplinks, a part of the status, and what a test
// found.
#pragma once

#include <deque>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "gateway/base/time.hpp"
#include "gateway/uplink/interface_facts.hpp"
#include "gateway/uplink/modem_report.hpp"
#include "gateway/uplink/monthly_bytes.hpp"
#include "gateway/uplink/probe_outcome.hpp"
#include "gateway/uplink/uplink_journal.hpp"

namespace busbar::gateway {

struct UplinkReport {
    config::Uplink settings;
    std::string name;
    std::string state;
    std::string reason;
    SteadyTime since;
    InterfaceFacts facts;
    std::optional<milliseconds> connect_time;
    std::size_t sessions = 0;
    MonthlyBytes::Kept traffic;
    seconds ping_interval{0};
    std::uint64_t ping_bytes_a_month = 0;  ///< if all charge points stayed on it
    std::optional<ModemReport> modem{};    ///< of a gsm uplink, where ModemManager has one
};

struct UplinksReport {
    std::string active;  ///< "": the system routes
    std::string preferred;
    std::string reason;
    SteadyTime since;
    bool server_down = false;
    std::optional<SteadyTime> next_choice;
    std::vector<UplinkReport> uplinks;
    std::deque<UplinkSwitch> switches;
    std::uint64_t switch_count = 0;  ///< of this run
};

nlohmann::ordered_json uplinks_json(const UplinksReport& report, const Now& now);

/// Each layer in order: interface, link, address, dns, tcp, tls; `outcome` is empty when it came to no probe.
std::string uplink_test_json(const UplinkReport& uplink, const std::optional<ProbeOutcome>& outcome);

}  // namespace busbar::gateway

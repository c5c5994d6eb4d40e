// SPDX-License-Identifier: Apache-2.0
// What the gateway says of itself as JSON text: GET /api/v1/status and /api/v1/trace.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"
#include "gateway/base/time.hpp"
#include "gateway/link.hpp"
#include "gateway/mqtt/mqtt_report.hpp"
#include "gateway/timekeeper.hpp"
#include "gateway/trace_ring.hpp"
#include "gateway/uplink/uplink_report.hpp"
#include "ocpp/charge_point.hpp"

namespace busbar::gateway {

struct SecurityReport {
    ocpp::LinkSecurity link{};
    int wanted_profile = 2;
    std::string complaint{};  ///< why what is wanted is not in use
};

struct ChargePointReport {
    std::string id;
    LinkStatus link;
    ocpp::ChargePointView view;
    std::int64_t queue = 0;  ///< saved transaction messages that wait for their answer
    std::string profile{};
    std::string vendor{};
    std::string model{};
    std::optional<SteadyTime> queued_since{};  ///< what the first of the queue tells of
    SecurityReport security{};
};

struct UnitReport {
    std::string charge_point;
    int unit_id = 1;
    std::uint64_t exchanges = 0;
    std::uint64_t timeouts = 0;
    std::uint64_t garbled = 0;
    std::uint64_t exceptions = 0;
    /// From the request's first byte to the answer's last: of half of the answers, and of 99 in a hundred.
    std::optional<std::chrono::microseconds> reply_p50;
    std::optional<std::chrono::microseconds> reply_p99;
    double load = 0;  ///< 0 to 1: share of the line's time in the last minute
    std::string last_error;
};

struct BusReport {
    std::string id;
    config::Bus settings;
    std::vector<UnitReport> units;
};

struct ClockReport {
    TimeSource source = TimeSource::none;
    UtcTime floor;  ///< no time before it is believed
};

/// The pages on the network.
struct WebReport {
    bool listening = false;
    int https_port = 0;
    std::string sha256;  ///< the certificate's fingerprint
};

struct GatewayReport {
    Now now;
    ClockReport clock;
    SteadyTime started;
    std::vector<ChargePointReport> charge_points;
    std::vector<BusReport> buses;
    std::vector<std::string> warnings;  ///< what whoever commissions should know
    UplinksReport uplinks{};            ///< shown where there are any
    std::optional<WebReport> web{};
    std::optional<MqttReport> mqtt{};        ///< where the configuration has a broker
    std::optional<UtcTime> support_until{};  ///< remote support may reach the box
};

/// In the order of ocpp::LimitedBy.
inline constexpr std::array<std::string_view, 8> limited_by_names{
    "central_system", "installation", "group", "local", "charger", "car", "off_peak", "delay"};
std::string_view to_string(ocpp::LimitedBy by);

/// How card numbers are shown: whole to whoever is at the machine, never to the network.
enum class Tags { whole, masked };

std::string to_json(const GatewayReport& report, Tags tags);

/// The list `charge_points` of it alone.
std::string charge_points_json(const std::vector<ChargePointReport>& reports, const Now& now, Tags tags);

/// Events with number > after, each as `shown` has its text.
std::string trace_json(const TraceRing& ring, std::int64_t after, const Now& now,
                       const std::function<std::string(const TraceEvent&)>& shown);

}  // namespace busbar::gateway

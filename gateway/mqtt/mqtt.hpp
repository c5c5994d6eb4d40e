// SPDX-License-Identifier: Apache-2.0
// The gateway's side of MQTT: keeps a connection to the broker of the configuration, tells it of the
// chargers, and carries out what it may ask for. Nothing here holds charging up.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "gateway/backoff.hpp"
#include "gateway/base/log.hpp"
#include "gateway/host_lookup.hpp"
#include "gateway/mqtt/broker.hpp"
#include "gateway/mqtt/commands.hpp"
#include "gateway/mqtt/outbox.hpp"
#include "gateway/status_report.hpp"

namespace busbar::gateway {

/// Loop thread only.
class Mqtt {
  public:
    struct Surroundings {
        boost::asio::io_context& loop;
        std::function<UtcTime()> judged_at;  ///< the time at which certificates are judged
        std::function<std::vector<ChargePointReport>()> chargers;
        std::function<void(const LocalWish&)> carry_out;
        Log log;
    };

    explicit Mqtt(Surroundings around);

    /// At start and after each reload. Absent: no connection.
    void apply(const std::optional<config::Mqtt>& settings);
    /// Says goodbye.
    void stop();
    /// Empty: the configuration has no broker.
    [[nodiscard]] std::optional<MqttReport> report() const;

  private:
    void look_up();
    void dial(const Endpoints& endpoints);
    void retry(const std::string& why);
    void on_connected();
    void on_lost(const std::string& why);
    void on_message(const BrokerMessage& message);
    void refuse(const std::string& why);
    void on_second();
    void carry_out();
    void arm();
    void later(boost::asio::steady_timer& timer, milliseconds wait, std::function<void()> then);
    void pump();
    void set_connected(bool connected, std::string detail);

    Surroundings around_;
    HostLookup lookup_;
    boost::asio::steady_timer redial_;
    boost::asio::steady_timer second_;
    std::function<double()> random_ = random_fraction();
    Backoff backoff_;

    // Of the settings in force.
    std::optional<config::Mqtt> applied_;   ///< as they were given
    std::optional<config::Mqtt> settings_;  ///< with the client id filled in
    std::optional<Topics> topics_;
    std::shared_ptr<int> asker_;  ///< what waits for something while it is gone is forgotten
    Outbox outbox_;
    Commands commands_;
    std::unique_ptr<Broker> broker_;
    std::size_t attempts_ = 0;
    MqttReport report_;
    // Said once until a connection that lasted ends: one that fails each time it is made fills no log.
    bool complained_ = false;
    bool welcomed_ = false;
    std::optional<SteadyTime> refusal_logged_at_;
};

}  // namespace busbar::gateway

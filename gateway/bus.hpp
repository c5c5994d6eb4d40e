// SPDX-License-Identifier: Apache-2.0
// One bus: a thread, its line and the chargers on it. Commands go in, reports come out, both on the main
// loop.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/charger.hpp"
#include "adapters/line.hpp"
#include "gateway/base/log.hpp"
#include "gateway/base/reading.hpp"
#include "gateway/base/result.hpp"
#include "gateway/bus_schedule.hpp"

namespace busbar::gateway {

/// A charger or meter as its last complete poll cycle saw it, or news from the one under way.
struct DeviceReport {
    std::size_t device;  ///< index into the list the bus was made with
    std::string id;
    Capabilities capabilities;
    DeviceIdentity identity;
    std::vector<Reading> readings;  ///< one per connector; values keep the time they were read
    Health health;
    /// By unit id, so far: of those that were used since they were told last.
    std::map<int, adapters::UnitCounters> counters;
};

/// An exchange failed; whether the charger is lost is the core's to decide.
struct DeviceFailure {
    std::size_t device;
    std::string id;
    Error error;
    Health health;
    std::map<int, adapters::UnitCounters> counters;
};

class Bus {
  public:
    /// One driver on the bus; made on the caller's thread, used on the bus's.
    struct Device {
        std::string id;  ///< charge point id, for reports and log
        std::function<std::unique_ptr<adapters::Charger>(adapters::Line&)> make;
    };
    using MakeLine = std::function<std::unique_ptr<adapters::Line>()>;
    struct Events {
        std::function<void(const DeviceReport&)>
            report;  ///< after each complete poll cycle and Refresh, and of news at once
        std::function<void(const DeviceFailure&)> failure;
    };
    using Done = std::function<void(const Result<void>&)>;
    /// Work that is no charger's, a scan or a trial: called on the bus's thread with the bus's line, as
    /// Charger::poll(); at most one exchange a call, so that chargers are kept waiting no longer than by each
    /// other.
    using Guest = std::function<adapters::Next(adapters::Line&, SteadyTime)>;

    /// `events` and every Done are called by `main`, never from within a call of this class. `log` and the
    /// trace tap of the line are used on the bus's thread too. Nothing moves before start().
    Bus(std::string id, const MakeLine& line, const std::vector<Device>& devices,
        boost::asio::any_io_executor main, Events events, const Log& log);
    Bus(const Bus&) = delete;
    Bus& operator=(const Bus&) = delete;
    ~Bus();  ///< as stop(), but commands still waiting are dropped

    [[nodiscard]] const std::string& id() const;

    void start();

    /// Main loop only. `done` is called once: with success, with the driver's error, or with cancelled when a
    /// newer SetLimit for the same connector took its place or the bus stops. With 32 commands waiting:
    /// Errc::io.
    void execute(std::size_t device, const Command& command, Cause cause, Done done);

    /// Main loop only. The guest gets its turns when no command waits and no poll is due, on a crowded bus
    /// one in 2 s. It is destroyed on the bus's thread once it is done, or replaced; an empty one just ends
    /// it.
    void invite(Guest guest);

    /// Main loop only. Asks the bus's thread for a sign of life, unless it owes one.
    void ask_for_sign(SteadyTime now);
    /// Main loop only. Since when it owes one.
    [[nodiscard]] std::optional<SteadyTime> owes_sign_since() const;

    /// Main loop only. Ends the exchange under way; returns within 2 s, also on a dead line. Chargers keep
    /// their limits. Commands still waiting are cancelled, no event comes any more.
    void stop();

  private:
    class Desk;
    class Runner;
    std::shared_ptr<Desk> desk_;
    std::unique_ptr<Runner> runner_;
};

}  // namespace busbar::gateway

// SPDX-License-Identifier: Apache-2.0
// The charge points and buses that the configuration describes, and how they change when it does.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "gateway/charge_point_unit.hpp"
#include "gateway/feed.hpp"
#include "gateway/settings.hpp"
#include "gateway/uplink/session_port.hpp"
#include "gateway/watchdog.hpp"

namespace busbar::gateway {

/// Loop thread only.
class Site {
  public:
    Site(UnitSurroundings around, TraceTap bus_tap);

    /// Builds what is new or different and starts it; what is equal notices nothing.
    void apply(const GatewaySettings& settings);

    /// What its charge points are made from, in the order of the configuration.
    static std::vector<Making> makings_of(const GatewaySettings& settings);

    /// Ends every charge point without a word, as a crash would; the next apply() makes them anew.
    void forget_charge_points() { units_.clear(); }

    /// Saves, closes the links, then stops the buses; limits and transactions stay. `done` once, within 4 s.
    void stop(std::function<void()> done);

    /// The links of all charge points, and how they are moved.
    [[nodiscard]] SessionPort sessions();

    [[nodiscard]] std::vector<ChargePointReport> charge_points() const;
    /// Null: there is none of that id. Not to be kept beyond the call.
    [[nodiscard]] ChargePointUnit* find_unit(const std::string& id);
    [[nodiscard]] std::vector<BusReport> buses() const;

    /// The certificates that were taken back, as the links know them.
    [[nodiscard]] Revoked revoked() const { return around_.csms.tls.revoked(); }

    /// A bus as it is in service.
    struct BusView {
        Bus& bus;
        config::Bus settings;
        config::Protocol protocol;
        std::set<int> units;  ///< unit ids of the chargers and meters on it
    };
    /// Asks every bus's thread for a sign of life; gives those who owe one, also from before.
    std::vector<Owed> ask_threads(SteadyTime now);

    /// nullopt: the configuration has none of that id.
    [[nodiscard]] std::optional<BusView> find_bus(const std::string& id);

  private:
    struct Seat {
        Making making;
        bool is_meter = false;
        friend bool operator==(const Seat&, const Seat&) = default;
    };
    struct Line {
        config::Bus settings;
        std::vector<Seat> seats;
        std::map<int, adapters::UnitCounters> counters;
        std::unique_ptr<Bus> bus;
    };

    using Units = std::map<std::string, std::unique_ptr<ChargePointUnit>>;  ///< by charge point id

    static std::vector<Line> lines_of(const GatewaySettings& settings, const std::vector<Making>& makings);
    void replace_units(const std::vector<Making>& makings);
    void replace_lines(std::vector<Line> lines);
    static config::Protocol protocol_of(const Line& line);
    static milliseconds between_attempts(const Line& line);
    void build(Line& line);
    Bus::Events events_of(const std::string& bus);
    void on_report(const std::string& bus, const DeviceReport& report);
    void on_failure(const std::string& bus, const DeviceFailure& failure);
    void replace_groups(const std::vector<config::Group>& groups);
    void schedule_review();
    void review_feeds();
    [[nodiscard]] std::vector<FeedMember> members_of(const config::Group& group) const;
    UnitSurroundings around_;
    TraceTap bus_tap_;
    Units units_;
    std::set<std::string> unstarted_;  ///< ids of units made by the apply() under way
    std::vector<Line> lines_;

    struct SharedFeed {
        config::Group group;
        Feed feed;
    };
    std::vector<SharedFeed> feeds_;
    bool review_scheduled_ = false;
    std::shared_ptr<int> alive_ = std::make_shared<int>(0);  ///< a review of a site that is gone is dropped
};

}  // namespace busbar::gateway

// SPDX-License-Identifier: Apache-2.0
// Several charge points with real hosts on one real store, on a clock that the test turns, with a car at
// each.
#pragma once

#include <fmt/format.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gateway/charge_point_host.hpp"
#include "gateway/store/store.hpp"
#include "gateway/turn.hpp"
#include "host_fakes.hpp"

namespace busbar::gateway {

class SimulatedGateway {
  public:
    /// A central system: sees every frame of a charge point (0, 1, ...), gives the frame to answer with or
    /// "".
    using CentralSystem = std::function<std::string(std::size_t point, const std::string& frame)>;

    SimulatedGateway(Store& store, std::size_t points, UtcTime begin, CentralSystem central)
        : store_(store), central_(std::move(central)), now{SteadyTime(std::chrono::hours(1)), begin} {
        for (std::size_t i = 0; i < points; ++i) points_.push_back(make_point(fmt::format("CP{:02}", i + 1)));
        end_turn();
    }

    void connect() {
        online_ = true;
        for (auto& point : points_) point->link.events.connected();
        end_turn();
    }
    void disconnect() {
        online_ = false;
        for (auto& point : points_) point->link.events.disconnected();
        end_turn();
    }

    void pass(SteadyTime::duration time) {
        now.steady += time;
        if (now.utc) *now.utc += std::chrono::floor<milliseconds>(time);
    }
    void tick() {
        for (auto& point : points_) point->host->on_tick();
        end_turn();
    }
    /// Every charger is looked at: a car that takes 7 kW since the beginning, or no car.
    void look(bool plugged = true) {
        for (auto& point : points_) point->host->on_readings({reading(plugged)});
        end_turn();
    }

    /// Answers what has been sent so far. False: nothing was.
    bool serve() {
        bool any = false;
        for (std::size_t i = 0; i < points_.size(); ++i) {
            auto& link = points_[i]->link;
            for (const auto& frame : std::exchange(link.sent, {})) {
                any = true;
                const std::string answer = online_ ? central_(i, frame) : "";
                if (!answer.empty()) link.events.frame(answer);
            }
        }
        end_turn();
        return any;
    }
    void serve_all() {
        while (serve()) {
        }
    }

    [[nodiscard]] ChargePointHost& host(std::size_t point) { return *points_[point]->host; }

  private:
    struct Point {
        FakeLink link;
        FakeBus bus;
        std::unique_ptr<ChargePointHost> host;
    };

    std::unique_ptr<Point> make_point(const std::string& id) {
        ocpp::Settings settings;
        settings.vendor = "Heidelberg";
        settings.model = "Energy Control";
        settings.mode = ocpp::AuthorizationMode::free;
        settings.id_tag = "FREE01";
        settings.lost_after = seconds(90);
        settings.configuration = {{"MeterValueSampleInterval", "60"}};
        auto point = std::make_unique<Point>();
        const HostSurroundings around{
            store_, turn_, [this] { return now; }, [](UtcTime) {}, [id] { return "run-" + id; }, [] {}, {}};
        point->host = std::make_unique<ChargePointHost>(id, settings, around, Log());
        point->host->attach(point->link);
        point->host->attach(point->bus);
        point->host->start();
        point->link.events = point->host->link_events();
        return point;
    }

    [[nodiscard]] Reading reading(bool plugged) const {
        const std::chrono::duration<double, std::ratio<3600>> hours = now.steady - SteadyTime();
        Reading reading;
        reading.state = plugged ? CpState::C2 : CpState::A;
        reading.taken_at = now.steady;
        reading.energy_import = Measured<WattHours>{WattHours(7000 * hours.count()), now.steady};
        reading.power = Measured<Watts>{Watts(plugged ? 7000 : 0), now.steady};
        return reading;
    }

    /// Chargers do at once what they are told; then the turn ends, and those that follow from it.
    void end_turn() {
        for (auto& point : points_) {
            point->bus.commands.clear();
            point->bus.causes.clear();
            for (const auto& done : std::exchange(point->bus.pending, {})) done({});
        }
        while (!ends_.empty()) {
            for (const auto& end : std::exchange(ends_, {})) end();
        }
    }

    Store& store_;
    CentralSystem central_;
    bool online_ = false;
    std::vector<std::function<void()>> ends_;
    Turn turn_{store_, [this](auto end) { ends_.push_back(std::move(end)); }, [](auto, auto) {},
               [] { return 0.5; }, Log()};
    std::vector<std::unique_ptr<Point>> points_;

  public:
    Now now;
};

}  // namespace busbar::gateway

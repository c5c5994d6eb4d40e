// SPDX-License-Identifier: Apache-2.0
// One machine with one gateway process on it, and all it is connected to. The process is the real one from
// ChargePointHost down to SQLite; it dies and is started again.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/sim/central_system.hpp"
#include "tests/sim/power_cut_vfs.hpp"
#include "tests/sim/simulated_charger.hpp"
#include "tests/sim/simulated_link.hpp"
#include "tests/sim/witness.hpp"

namespace busbar::simulation {

struct Counts {
    std::uint64_t transactions = 0;
    std::uint64_t power_cuts = 0;
    std::uint64_t kills = 0;
};

/// One charge point's surroundings; they outlive the process.
struct Place {
    Place(World& world, Mortality& mortality, const ChargerPlan& charger_plan, const Troubles& troubles);

    const ChargerPlan& plan;
    Line line;
    SimulatedCharger charger;
    CentralSystem central_system;
    Witness witness;
};

class Site {
  public:
    Site(World& world, const LifePlan& plan, std::uint64_t disk_seed);
    ~Site();
    Site(const Site&) = delete;
    Site& operator=(const Site&) = delete;

    void start() { start_process(); }
    /// Everything that is due until then happens; ends early where an invariant breaks.
    void pass(Moment time);

    [[nodiscard]] std::deque<Place>& places() { return places_; }
    [[nodiscard]] PowerCutDisk& disk() { return disk_; }
    [[nodiscard]] Mortality& mortality() { return mortality_; }
    [[nodiscard]] const Counts& counts() const { return counts_; }

    void set_disk_health(PowerCutDisk::Health health);
    /// A calm stop and a new start.
    void stop_in_good_order();
    /// Null while there is none: no process, or no connection.
    [[nodiscard]] SimulatedLink* link(std::size_t place);
    /// Messages that wait; empty while there is no process.
    [[nodiscard]] std::optional<std::int64_t> queue_length();

  private:
    struct Process;

    void start_process();
    bool open_store(Process& process);
    void make_charge_points(Process& process);
    void schedule_start(Moment after);
    void bury();
    void poll(std::size_t place);
    void schedule_poll(std::size_t place, Moment after);
    void report(std::size_t place);
    void run_due_ticks();
    void settle();
    void review_feed();
    void check_feed();
    [[nodiscard]] std::optional<Moment> next_tick();
    [[nodiscard]] Log make_log();
    /// Guards what is to happen later against the death of the process it belongs to.
    [[nodiscard]] std::function<void()> in_this_process(std::function<void()> action);

    World& world_;
    const LifePlan& plan_;
    PowerCutDisk disk_;
    PowerCutVfs vfs_{disk_};
    Mortality mortality_;
    std::deque<Place> places_;
    std::unique_ptr<Process> process_;
    std::uint64_t process_number_ = 0;
    int runs_ = 0;
    int boots_ = 1;
    std::optional<Moment> disk_good_since_ = Moment(0);
    std::optional<Moment> process_since_;
    Counts counts_;
};

}  // namespace busbar::simulation

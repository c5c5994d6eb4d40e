// SPDX-License-Identifier: Apache-2.0
// A legacy charger with its cars, and the driver that keeps its limits in force: the second BusPort. It
// stands outside the process and lives on when that dies.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "gateway/bus_port.hpp"
#include "tests/sim/mortality.hpp"
#include "tests/sim/plan.hpp"
#include "tests/sim/world.hpp"

namespace busbar::simulation {

/// What one socket of the charger is like at the moment.
struct Socket {
    bool plugged = false;
    bool asks = false;         ///< the car wants current
    bool sips = false;         ///< it closes the contactor and draws nothing
    double car_takes = 16;     ///< A
    CpState odd = CpState::A;  ///< other than A: shown instead of what the cable says
    std::optional<Fault> fault;
    std::string card;
    bool register_readable = true;
    bool register_fell = false;  ///< once in its life: it is no measure of what was delivered any more

    double limit = 0;                ///< A, in force
    std::int64_t delivered = 0;      ///< W times us
    std::int64_t register_zero = 0;  ///< of the register, in the same unit

    [[nodiscard]] CpState state() const;
    [[nodiscard]] int power() const;              ///< W, three phases at 230 V
    [[nodiscard]] double register_value() const;  ///< Wh
};

class SimulatedCharger final : public gateway::BusPort {
  public:
    struct Events {
        std::function<void(const Command&)> commanded;  ///< for the witness: it has left the process
        std::function<void()> look;                     ///< a Refresh: poll at once
    };

    SimulatedCharger(World& world, Mortality& mortality, const ChargerPlan& plan);

    /// A process has begun: it knows nothing of commands of an earlier one.
    void on_process_start(Events events);

    void execute(const Command& command, const Cause& cause, std::function<void(Result<void>)> done) override;
    [[nodiscard]] Result<std::vector<Reading>> look();

    /// Energy is counted up to now before the socket is changed.
    Socket& change(ConnectorId connector);
    [[nodiscard]] const Socket& socket(ConnectorId connector) const {
        return sockets_.at(static_cast<std::size_t>(connector) - 1);
    }
    [[nodiscard]] int connectors() const { return static_cast<int>(sockets_.size()); }

    void set_silent(bool silent) { silent_ = silent; }
    [[nodiscard]] bool silent() const { return silent_; }
    void set_slow(bool slow) { slow_ = slow; }
    [[nodiscard]] bool slow() const { return slow_; }
    void reboot();

  private:
    void count();
    void enforce_limits();
    [[nodiscard]] Reading reading_of(const Socket& socket) const;
    [[nodiscard]] Result<void> carry_out(const Command& command);
    void finish(std::uint64_t number, const Command& command, const std::function<void(Result<void>)>& done);

    World& world_;
    Mortality& mortality_;
    const ChargerPlan& plan_;
    Events events_;
    std::vector<Socket> sockets_;
    std::vector<double> wanted_;             ///< what the driver keeps in force, by connector
    std::vector<std::uint64_t> last_limit_;  ///< number of the newest SetLimit, by connector
    std::uint64_t commands_ = 0;
    std::uint64_t process_ = 0;
    Moment bus_free_{0};
    Moment counted_to_{0};
    bool silent_ = false;
    bool slow_ = false;
};

}  // namespace busbar::simulation

// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/simulated_charger.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace busbar::simulation {
namespace {

constexpr double least_offer = 6;  ///< A
constexpr double watts_per_ampere = 3 * 230;
constexpr double counts_per_watt_hour = 3.6e9;

std::size_t index_of(ConnectorId connector) {
    return static_cast<std::size_t>(connector) - 1;
}

struct Describe {
    std::string operator()(const SetLimit& set) const {
        return fmt::format("limit {} A at {}", set.limit.value(), set.connector);
    }
    std::string operator()(const WakeUp& wake) const { return fmt::format("wake up {}", wake.connector); }
    std::string operator()(const Unlock& unlock) const { return fmt::format("unlock {}", unlock.connector); }
    std::string operator()(const Reboot&) const { return "reboot"; }
    std::string operator()(const Refresh& refresh) const {
        return fmt::format("refresh {}", refresh.connector);
    }
    std::string operator()(const SetPhases& set) const {
        return fmt::format("{} phases at {}", set.phases, set.connector);
    }
};

}  // namespace

CpState Socket::state() const {
    if (odd != CpState::A) return odd;
    if (!plugged) return CpState::A;
    const bool offered = limit >= least_offer;
    if (asks) return offered ? CpState::C2 : CpState::C1;
    return offered ? CpState::B2 : CpState::B1;
}

int Socket::power() const {
    if (state() != CpState::C2 || sips) return 0;
    return static_cast<int>(std::min(limit, car_takes) * watts_per_ampere);
}

double Socket::register_value() const {
    return static_cast<double>(delivered - register_zero) / counts_per_watt_hour;
}

SimulatedCharger::SimulatedCharger(World& world, Mortality& mortality, const ChargerPlan& plan)
    : world_(world),
      mortality_(mortality),
      plan_(plan),
      sockets_(static_cast<std::size_t>(plan.settings.connectors)),
      wanted_(sockets_.size(), plan.ignores_limits ? least_offer : 0),
      last_limit_(sockets_.size()) {
    for (auto& socket : sockets_) {
        const auto start = plan.meter == Meter::session ? 0 : world.random.below(100'000);
        socket.delivered = start * static_cast<std::int64_t>(counts_per_watt_hour);
        socket.limit = plan.ignores_limits ? least_offer : 0;
    }
}

void SimulatedCharger::on_process_start(Events events) {
    events_ = std::move(events);
    ++process_;
    bus_free_ = world_.clock.now();
}

void SimulatedCharger::count() {
    const std::int64_t passed = (world_.clock.now() - counted_to_).count();
    for (auto& socket : sockets_) socket.delivered += passed * socket.power();
    counted_to_ = world_.clock.now();
}

Socket& SimulatedCharger::change(ConnectorId connector) {
    count();
    return sockets_.at(index_of(connector));
}

void SimulatedCharger::execute(const Command& command, const Cause& /*cause*/,
                               std::function<void(Result<void>)> done) {
    if (!mortality_.step()) return;
    world_.transcript.add(plan_.id, "command", std::visit(Describe{}, command));
    if (events_.commanded) events_.commanded(command);
    const std::uint64_t number = ++commands_;
    if (const auto* set = std::get_if<SetLimit>(&command)) {
        wanted_.at(index_of(set->connector)) = set->limit.value();
        last_limit_.at(index_of(set->connector)) = number;
    }
    const auto longest = slow_ ? Moment(4'000'000) : Moment(200'000);
    bus_free_ = std::max(bus_free_, world_.clock.now()) + world_.between(Moment(5000), longest);
    world_.agenda.after(bus_free_ - world_.clock.now(),
                        [this, number, command, done = std::move(done), process = process_] {
                            if (process == process_ && mortality_.alive()) finish(number, command, done);
                        });
}

void SimulatedCharger::finish(std::uint64_t number, const Command& command,
                              const std::function<void(Result<void>)>& done) {
    const auto* set = std::get_if<SetLimit>(&command);
    if (set != nullptr && last_limit_.at(index_of(set->connector)) != number) {
        return done(Error{Errc::cancelled, "a newer limit took its place"});
    }
    const auto result = carry_out(command);
    if (result && std::holds_alternative<Refresh>(command)) events_.look();
    if (mortality_.alive()) done(result);
}

Result<void> SimulatedCharger::carry_out(const Command& command) {
    if (silent_) return Error{Errc::timeout, "the charger does not answer"};
    enforce_limits();
    if (std::holds_alternative<Reboot>(command)) reboot();
    if (const auto* wake = std::get_if<WakeUp>(&command)) {
        if (world_.random.chance(2)) change(wake->connector).asks = true;
    }
    return {};
}

void SimulatedCharger::enforce_limits() {
    count();
    if (plan_.ignores_limits) return;
    for (std::size_t i = 0; i < sockets_.size(); ++i) sockets_[i].limit = wanted_[i];
}

Reading SimulatedCharger::reading_of(const Socket& socket) const {
    const SteadyTime now = world_.clock.steady();
    Reading reading;
    reading.state = socket.state();
    reading.taken_at = now;
    reading.fault = socket.fault;
    if (!socket.card.empty()) reading.id_tag = socket.card;
    if (plan_.tells_power) {
        reading.power = Measured<Watts>{Watts(socket.power()), now};
    } else {
        const double amperes = socket.power() / watts_per_ampere;
        for (auto& current : reading.current) current = Measured<Amperes>{Amperes(amperes), now};
    }
    const Measured<WattHours> energy{WattHours(socket.register_value()), now};
    if (!socket.register_readable || plan_.meter == Meter::power_only) return reading;
    (plan_.meter == Meter::lifetime ? reading.energy_import : reading.energy_session) = energy;
    return reading;
}

Result<std::vector<Reading>> SimulatedCharger::look() {
    if (silent_) return Error{Errc::timeout, "the charger does not answer"};
    enforce_limits();
    std::vector<Reading> readings;
    for (const auto& socket : sockets_) readings.push_back(reading_of(socket));
    return readings;
}

/// Limits are gone until the driver looks again; a session counter begins anew.
void SimulatedCharger::reboot() {
    count();
    for (auto& socket : sockets_) {
        if (!plan_.ignores_limits) socket.limit = 0;
        if (plan_.meter == Meter::session) socket.register_zero = socket.delivered;
    }
}

}  // namespace busbar::simulation

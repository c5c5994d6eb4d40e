// SPDX-License-Identifier: Apache-2.0
// One connector of a legacy charger as its readings show it. Its energy register counts while power flows.
#pragma once

#include <optional>
#include <string>

#include "gateway/base/reading.hpp"
#include "gateway/base/result.hpp"

namespace busbar::ocpp::test {

class FakeCharger {
  public:
    /// What the next looks show: state, fault, card and flags. Measured values are set by their own members.
    Reading face;
    std::optional<double> power;  ///< W
    std::array<std::optional<double>, 3> current;
    std::array<std::optional<double>, 3> voltage;
    std::string silent;  ///< not empty: looks fail with this

    void set_energy(std::optional<double> watt_hours, SteadyTime now) {
        energy_ = watt_hours;
        counted_to_ = now;
    }

    [[nodiscard]] Result<Reading> look(SteadyTime now) {
        count(now);
        if (!silent.empty()) return Error{Errc::timeout, silent};
        Reading reading = face;
        reading.taken_at = now;
        if (energy_) reading.energy_import = Measured<WattHours>{WattHours(*energy_), now};
        if (power) reading.power = Measured<Watts>{Watts(*power), now};
        for (std::size_t i = 0; i < 3; ++i) {
            if (current.at(i)) reading.current.at(i) = Measured<Amperes>{Amperes(*current.at(i)), now};
            if (voltage.at(i)) reading.voltage.at(i) = Measured<Volts>{Volts(*voltage.at(i)), now};
        }
        return reading;
    }

    /// Counts energy up to now: call it before the power changes.
    void count(SteadyTime now) {
        if (energy_ && power) {
            const double hours = std::chrono::duration<double, std::ratio<3600>>(now - counted_to_).count();
            *energy_ += *power * hours;
        }
        counted_to_ = now;
    }

  private:
    std::optional<double> energy_;
    SteadyTime counted_to_;
};

}  // namespace busbar::ocpp::test

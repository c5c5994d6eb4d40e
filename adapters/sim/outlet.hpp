// SPDX-License-Identifier: Apache-2.0
// The power side every charger has: what it offers, its contactor, the car behind it and the meter.
#pragma once

#include <array>

#include "adapters/sim/car.hpp"

namespace busbar::sim {

class Outlet {
  public:
    /// `speed`: battery and meter run this many times faster than the clock; currents and power do not.
    Outlet(const CarOptions& car, int speed) : car_(car), speed_(speed) {}

    /// What the pilot offers from now on, A per phase; 0 pauses. `phases`: how many are switched, 1 to 3.
    void offer(double amps, int phases);

    /// Opens the contactor at once, under load if it must.
    void cut();

    void advance(SteadyTime::duration step);

    [[nodiscard]] Car& car() { return car_; }
    [[nodiscard]] const Car& car() const { return car_; }
    [[nodiscard]] std::array<double, 3> amps() const;
    [[nodiscard]] double volt_amperes() const;
    [[nodiscard]] double metered_wh() const { return metered_wh_; }  ///< since the simulator started

    static constexpr std::array<int, 3> volts{230, 231, 229};  ///< differ, so that swapped phases show

  private:
    Car car_;
    int speed_;
    double offered_a_ = 0;
    int switched_phases_ = 3;
    double amps_ = 0;  ///< on each phase in use
    double metered_wh_ = 0;
};

}  // namespace busbar::sim

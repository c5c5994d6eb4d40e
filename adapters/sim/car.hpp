// SPDX-License-Identifier: Apache-2.0
// The electric car: a battery that fills, a pilot switch that asks, and the habit of falling asleep.
#pragma once

#include "gateway/base/time.hpp"

namespace busbar::sim {

struct CarOptions {
    bool plugged = false;
    double battery_wh = 20'000;  ///< what still fits in
    double max_a = 16;           ///< per phase
    int phases = 3;              ///< 1 or 3
};

class Car {
  public:
    explicit Car(const CarOptions& options);

    void plug();
    void unplug();  ///< also ends its sleep
    void set_battery(double wh) { battery_wh_ = wh; }

    /// Falls asleep at the next moment it is plugged and not offered current (at once if that is now).
    void sleep_when_paused() { sleeps_at_pause_ = true; }
    void wake();

    /// `offered`: the charger's pilot offers current during this step.
    void advance(bool offered, SteadyTime::duration step);

    /// Energy into the battery.
    void charge(double wh);

    [[nodiscard]] bool plugged() const { return plugged_; }
    [[nodiscard]] bool asks() const { return asks_; }  ///< IEC 61851 state C
    [[nodiscard]] bool asleep() const { return asleep_; }
    [[nodiscard]] double battery_wh() const { return battery_wh_; }
    [[nodiscard]] double max_a() const { return max_a_; }
    [[nodiscard]] int phases() const { return phases_; }

  private:
    [[nodiscard]] bool wants_energy() const { return plugged_ && !asleep_ && battery_wh_ > 0; }

    double battery_wh_;
    double max_a_;
    int phases_;
    bool plugged_;
    bool asks_ = false;
    bool asleep_ = false;
    bool sleeps_at_pause_ = false;
    SteadyTime::duration undecided_{
        0};  ///< how long the pilot has said something the car has not followed yet
};

}  // namespace busbar::sim

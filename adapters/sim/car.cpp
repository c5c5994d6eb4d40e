// SPDX-License-Identifier: Apache-2.0
// The electric car.
#include "adapters/sim/car.hpp"

#include <algorithm>

namespace busbar::sim {

namespace {

constexpr auto starts_asking_after = 1s;  // of being offered current
constexpr auto stops_asking_after = 2s;   // of not being offered any more; IEC 61851-1 allows 3 s

}  // namespace

Car::Car(const CarOptions& options)
    : battery_wh_(options.battery_wh),
      max_a_(options.max_a),
      phases_(options.phases),
      plugged_(options.plugged) {}

void Car::plug() {
    plugged_ = true;
}

void Car::unplug() {
    plugged_ = false;
    asks_ = false;
    wake();
}

void Car::wake() {
    asleep_ = false;
    sleeps_at_pause_ = false;
}

void Car::advance(bool offered, SteadyTime::duration step) {
    if (plugged_ && !offered && sleeps_at_pause_) {
        asleep_ = true;
        sleeps_at_pause_ = false;
    }
    if (!wants_energy()) {
        asks_ = false;
    }
    if (offered == asks_ || !wants_energy()) {
        undecided_ = SteadyTime::duration{0};
        return;
    }
    undecided_ += step;
    if (undecided_ >= (offered ? starts_asking_after : stops_asking_after)) {
        asks_ = offered;
        undecided_ = SteadyTime::duration{0};
    }
}

void Car::charge(double wh) {
    battery_wh_ = std::max(0.0, battery_wh_ - wh);
}

}  // namespace busbar::sim

// SPDX-License-Identifier: Apache-2.0
// The power side every charger has.
#include "adapters/sim/outlet.hpp"

#include <algorithm>
#include <chrono>

namespace busbar::sim {

namespace {

constexpr double ramp_a_per_s = 16;

double in_seconds(SteadyTime::duration step) {
    return std::chrono::duration<double>(step).count();
}

}  // namespace

void Outlet::offer(double amps, int phases) {
    offered_a_ = amps;
    switched_phases_ = phases;
}

void Outlet::cut() {
    offered_a_ = 0;
    amps_ = 0;
}

void Outlet::advance(SteadyTime::duration step) {
    car_.advance(offered_a_ > 0, step);
    if (!car_.asks()) {
        amps_ = 0;
        return;
    }
    const double target = std::min(offered_a_, car_.max_a());
    const double change = ramp_a_per_s * in_seconds(step);
    amps_ = std::clamp(target, amps_ - change, amps_ + change);
    const double wh = volt_amperes() * in_seconds(step) * speed_ / 3600;
    metered_wh_ += wh;
    car_.charge(wh);
}

std::array<double, 3> Outlet::amps() const {
    std::array<double, 3> amps{};
    if (car_.asks()) {
        std::fill_n(amps.begin(), std::min(car_.phases(), switched_phases_), amps_);
    }
    return amps;
}

double Outlet::volt_amperes() const {
    const auto a = amps();
    return a[0] * volts[0] + a[1] * volts[1] + a[2] * volts[2];
}

}  // namespace busbar::sim

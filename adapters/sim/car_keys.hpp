// SPDX-License-Identifier: Apache-2.0
// The keys of --box that describe the car, the same for every model.
#pragma once

#include "adapters/sim/car.hpp"
#include "adapters/sim/key_values.hpp"

namespace busbar::sim {

/// plugged, battery_wh, car_max_a, phases.
inline CarOptions car_options(KeyValues& keys) {
    CarOptions car;
    car.plugged = keys.flag("plugged", false);
    car.battery_wh = double(keys.number("battery_wh", 20'000, 0, 1'000'000));
    car.max_a = double(keys.number("car_max_a", 16, 6, 80));
    car.phases = keys.number("phases", 3, 1, 3) == 1 ? 1 : 3;
    return car;
}

}  // namespace busbar::sim

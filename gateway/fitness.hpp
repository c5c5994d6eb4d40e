// SPDX-License-Identifier: Apache-2.0
// Is the gateway as well as before its update? What worked then must work again. Pure.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/status_report.hpp"

namespace busbar::gateway {

/// Charge point ids.
struct Fitness {
    std::set<std::string> connected;  ///< link up, BootNotification accepted
    std::set<std::string> reading;    ///< charger answers, of every connector
    friend bool operator==(const Fitness&, const Fitness&) = default;
};

Fitness fitness_of(const std::vector<ChargePointReport>& charge_points);

/// What worked before and does not now, in words; "" when nothing is missing. More than before is no fault.
std::string missing(const Fitness& before, const Fitness& now);

/// JSON, which the next release reads: what is there stays, more may come.
std::string to_json(const Fitness& fitness);
/// What cannot be read asks for nothing.
Fitness read_fitness(std::string_view json);

/// A car is in a transaction.
bool car_charges(const std::vector<ChargePointReport>& charge_points);

}  // namespace busbar::gateway

// SPDX-License-Identifier: Apache-2.0
// What a seed makes of a site before anything happens on it: its charge points, its chargers, its troubles.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ocpp/context.hpp"
#include "tests/sim/random.hpp"

namespace busbar::simulation {

/// What a charger counts energy with.
enum class Meter { lifetime, session, power_only };

/// The default charging hours of each day, in UTC.
struct OpenHours {
    std::chrono::minutes from;
    std::chrono::minutes to;  ///< may lie before `from`: of the next day
    [[nodiscard]] bool open_at(UtcTime at) const;
};

struct ChargerPlan {
    std::string id;
    ocpp::Settings settings;
    Capabilities capabilities;
    Meter meter = Meter::lifetime;
    bool tells_power = true;  ///< else currents
    bool ignores_limits = false;
    milliseconds poll_interval{3000};
    std::optional<OpenHours> hours{};  ///< of settings.times
};

/// The troubles of a life. Many lives have some of them only: where a clock is right more can be checked.
struct Troubles {
    bool clock = false;
    bool disk = false;
    bool deaths = true;
    bool network = true;
    bool central_system = true;
};

struct LifePlan {
    std::vector<ChargerPlan> chargers;
    Troubles troubles;
    std::optional<double> feed;  ///< A: all chargers share it
    bool clock_known = true;
    int events = 100;
    milliseconds longest_pause{7000};          ///< between most of them
    std::optional<std::chrono::days> lasts{};  ///< instead of a number of events
};

LifePlan draw_plan(Random& random);

/// A whole site with every trouble there is, for days; less happens in an hour than in other lives.
LifePlan draw_long_plan(Random& random, int chargers, std::chrono::days lasts);

}  // namespace busbar::simulation

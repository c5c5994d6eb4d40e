// SPDX-License-Identifier: Apache-2.0
// The measurands we can report (OCPP 1.6 section 7.31) as one table, and how each is taken from a meter
// snapshot.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/reading.hpp"
#include "ocpp/messages.hpp"

namespace busbar::ocpp {

/// What one connector's meter shows at one moment; every value is fresh, what is not is absent.
struct MeterSnapshot {
    SteadyTime taken_at;
    std::optional<WattHours> energy;
    std::optional<Watts> power;
    std::array<std::optional<Amperes>, 3> current;
    std::array<std::optional<Volts>, 3> voltage;
    std::optional<Amperes> offered;
    std::optional<Celsius> temperature;
    std::optional<Percent> soc;
};

/// Power as measured, else the sum of the phases with their measured or `nominal` voltage.
std::optional<Watts> power_of(const Reading& reading, Volts nominal);

/// Of `reading` what is no older than meter_freshness (temperature and state of charge: slow_freshness) at
/// `now`. `energy` comes from the connector's energy register.
MeterSnapshot take_snapshot(const Reading& reading, const std::optional<Measured<WattHours>>& energy,
                            Volts nominal, SteadyTime now);

/// CONTRACT.md section 5: at most 5 s old at start, stop and each sample.
inline constexpr seconds meter_freshness{5};
inline constexpr seconds slow_freshness{60};

struct Measurand {
    std::string_view name;  ///< as on the wire
    void (*sample)(const MeterSnapshot&, const std::string& context, std::vector<SampledValue>& out);
};

/// Exact spelling; null: not one of ours.
const Measurand* find_measurand(std::string_view name);

/// "Energy.Active.Import.Register, Power.Active.Import, ..." for messages to people.
std::string measurand_names();

/// The listed measurands of `snapshot`, all fields explicit. Empty when none of them is there.
std::vector<SampledValue> sample(const MeterSnapshot& snapshot, const std::vector<std::string>& measurands,
                                 const std::string& context);

}  // namespace busbar::ocpp

// SPDX-License-Identifier: Apache-2.0
// What a charger or meter measures and who it says it is, from registers by the profile's lists. Pure.
#pragma once

#include "adapters/register_values.hpp"
#include "config/profile.hpp"
#include "gateway/base/reading.hpp"

namespace busbar::adapters {

/// Fills energy, power, current, voltage, offered, temperature, soc and id_tag; what no register says stays
/// empty.
void take_measurements(Reading& reading, const config::Measurements& measurements,
                       const RegisterValues& values);

/// Of a meter: its serial and model as the meter's.
DeviceIdentity identify(const config::Profile& profile, const RegisterValues& values);

}  // namespace busbar::adapters

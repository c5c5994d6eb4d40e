// SPDX-License-Identifier: Apache-2.0
// The meter's values win; what it does not measure stays the charger's.
#include "adapters/merge_meter.hpp"

#include <cstddef>

namespace busbar::adapters {
namespace {

template <class T>
void prefer(T& ours, const T& meters) {
    if (meters) ours = meters;
}

}  // namespace

Reading merge_meter(Reading charger, const Reading& meter) {
    prefer(charger.energy_import, meter.energy_import);
    prefer(charger.energy_session, meter.energy_session);
    prefer(charger.power, meter.power);
    for (std::size_t phase = 0; phase < charger.current.size(); ++phase) {
        prefer(charger.current.at(phase), meter.current.at(phase));
        prefer(charger.voltage.at(phase), meter.voltage.at(phase));
    }
    return charger;
}

DeviceIdentity merge_meter(DeviceIdentity charger, const DeviceIdentity& meter) {
    if (!meter.meter_serial.empty()) charger.meter_serial = meter.meter_serial;
    if (!meter.meter_type.empty()) charger.meter_type = meter.meter_type;
    return charger;
}

}  // namespace busbar::adapters

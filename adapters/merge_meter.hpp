// SPDX-License-Identifier: Apache-2.0
// A charger without a meter and the meter beside it, as one reading. Pure.
#pragma once

#include "gateway/base/reading.hpp"

namespace busbar::adapters {

/// The charger's reading with every value that the meter measures taken from the meter.
Reading merge_meter(Reading charger, const Reading& meter);

/// The charger's identity with the meter's serial and type.
DeviceIdentity merge_meter(DeviceIdentity charger, const DeviceIdentity& meter);

}  // namespace busbar::adapters

// SPDX-License-Identifier: Apache-2.0
// From the configuration to drivers: which bus is spoken to how, which charger is driven by what.
#pragma once

#include <memory>

#include "adapters/charger.hpp"
#include "adapters/registers.hpp"
#include "config/config.hpp"
#include "config/profile.hpp"
#include "gateway/base/log.hpp"
#include "gateway/base/trace.hpp"

namespace busbar::adapters {

/// Error unsupported, in words, for a kind of bus that this version does not speak. Opens nothing yet.
Result<std::unique_ptr<Registers>> make_registers(const config::Bus& bus, TraceTap tap, const Log& log);

/// The driver of `charger` on its bus. `registers` must outlive it.
std::unique_ptr<Charger> make_charger(const config::Charger& charger, const config::Profile& profile,
                                      Registers& registers, const Log& log);

/// The driver of `charger.meter`, which may be on another bus. Its readings have no state: see
/// merge_meter.hpp.
std::unique_ptr<Charger> make_meter(const config::Charger& charger, const config::Profile& profile,
                                    Registers& registers, const Log& log);

}  // namespace busbar::adapters

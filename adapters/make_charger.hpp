// SPDX-License-Identifier: Apache-2.0
// From the configuration to drivers: which bus is spoken to how, which charger is driven by what.
#pragma once

#include <memory>

#include "adapters/charger.hpp"
#include "adapters/line.hpp"
#include "config/config.hpp"
#include "config/shared_profile.hpp"
#include "gateway/base/log.hpp"
#include "gateway/base/trace.hpp"

namespace busbar::adapters {

/// `protocol` is that of the bus's chargers. Error unsupported, in words, where the kind of bus does not
/// carry it. Opens nothing yet.
Result<std::unique_ptr<Line>> make_line(const config::Bus& bus, config::Protocol protocol, TraceTap tap,
                                        const Log& log);

/// The driver of `charger` on its bus, which make_line() made for the protocol of `profile`. `line` must
/// outlive it.
std::unique_ptr<Charger> make_charger(const config::Charger& charger, const config::SharedProfile& profile,
                                      Line& line, const Log& log);

/// The driver of `charger.meter`, which may be on another bus. Its readings have no state: see
/// merge_meter.hpp.
std::unique_ptr<Charger> make_meter(const config::Charger& charger, const config::SharedProfile& profile,
                                    Line& line, const Log& log);

}  // namespace busbar::adapters

// SPDX-License-Identifier: Apache-2.0
// Two tables: what carries which protocol over which kind of bus, and who drives it.
#include "adapters/make_charger.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "adapters/modbus_registers.hpp"
#include "adapters/profile_charger.hpp"

namespace busbar::adapters {
namespace {

using config::BusKind;
using config::Protocol;
using MakeLine = std::unique_ptr<Line> (*)(const config::Bus&, TraceTap, const Log&);

std::unique_ptr<Line> modbus(const config::Bus& bus, TraceTap tap, const Log& log) {
    return std::make_unique<ModbusRegisters>(bus, std::move(tap), log);
}

struct Carrier {
    Protocol protocol;
    BusKind kind;
    MakeLine make;
};

constexpr std::array<Carrier, 3> carriers{{
    {Protocol::modbus, BusKind::rtu, &modbus},
    {Protocol::modbus, BusKind::tcp, &modbus},
    {Protocol::modbus, BusKind::rtu_over_tcp, &modbus},
}};

Placement placement(const config::Charger& charger, int unit) {
    return {unit,
            charger.units,
            charger.poll_interval,
            {charger.max_current, charger.failsafe_current, charger.phases, charger.voltage}};
}

/// With the unit ids of all its sockets.
Placement placement(const config::Charger& charger, const config::Profile& profile) {
    auto place = placement(charger, charger.unit_id);
    place.units = config::units_of(charger, profile);
    place.connectors = config::connectors_of(charger, profile);
    return place;
}

}  // namespace

Result<std::unique_ptr<Line>> make_line(const config::Bus& bus, Protocol protocol, TraceTap tap,
                                        const Log& log) {
    const auto* carrier = std::find_if(carriers.begin(), carriers.end(), [&](const Carrier& each) {
        return each.protocol == protocol && each.kind == bus.kind;
    });
    if (carrier == carriers.end()) {
        return Error{Errc::unsupported, fmt::format("bus {}: a bus of this kind does not carry the protocol "
                                                    "of its chargers",
                                                    bus.id)};
    }
    return carrier->make(bus, std::move(tap), log);
}

std::unique_ptr<Charger> make_charger(const config::Charger& charger, const config::Profile& profile,
                                      Line& line, const Log& log) {
    return std::make_unique<ProfileCharger>(profile, placement(charger, profile), *line.registers(),
                                            log.with("charge_point", charger.id));
}

std::unique_ptr<Charger> make_meter(const config::Charger& charger, const config::Profile& profile,
                                    Line& line, const Log& log) {
    const int unit = charger.meter ? charger.meter->unit_id : profile.default_unit_id;
    return std::make_unique<ProfileCharger>(profile, placement(charger, unit), *line.registers(),
                                            log.with("charge_point", charger.id).with("meter", profile.id));
}

}  // namespace busbar::adapters

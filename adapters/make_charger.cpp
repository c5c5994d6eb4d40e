// SPDX-License-Identifier: Apache-2.0
// Two tables: what carries which protocol over which kind of bus, and who drives it.
#include "adapters/make_charger.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "adapters/datagram_line.hpp"
#include "adapters/frame_charger.hpp"
#include "adapters/modbus_registers.hpp"
#include "adapters/openevse_charger.hpp"
#include "adapters/profile_charger.hpp"
#include "adapters/serial_frame_line.hpp"

namespace busbar::adapters {
namespace {

using config::BusKind;
using config::Protocol;
using MakeLine = std::unique_ptr<Line> (*)(const config::Bus&, TraceTap, const Log&);

std::unique_ptr<Line> modbus(const config::Bus& bus, TraceTap tap, const Log& log) {
    return std::make_unique<ModbusRegisters>(bus, std::move(tap), log);
}

std::unique_ptr<Line> serial_frames(const config::Bus& bus, TraceTap tap, const Log& log) {
    return std::make_unique<SerialFrameLine>(bus, std::move(tap), log);
}

std::unique_ptr<Line> datagrams(const config::Bus& bus, TraceTap tap, const Log& log) {
    return std::make_unique<DatagramLine>(bus, std::move(tap), log);
}

struct Carrier {
    Protocol protocol;
    BusKind kind;
    MakeLine make;
};

constexpr std::array<Carrier, 6> carriers{{
    {Protocol::modbus, BusKind::rtu, &modbus},
    {Protocol::modbus, BusKind::tcp, &modbus},
    {Protocol::rapi, BusKind::serial, &serial_frames},
    {Protocol::frames, BusKind::serial, &serial_frames},
    {Protocol::evcc1, BusKind::serial, &serial_frames},
    {Protocol::keba, BusKind::keba_udp, &datagrams},
}};

Placement placement(const config::Charger& charger, int unit) {
    return {unit,
            charger.units,
            charger.poll_interval,
            {charger.max_current, charger.failsafe_current, charger.phases, charger.voltage}};
}

using MakeCharger = std::unique_ptr<Charger> (*)(const config::Charger&, const config::Profile&, Line&,
                                                 const Log&);

std::unique_ptr<Charger> interpreted(const config::Charger& charger, const config::Profile& profile,
                                     Line& line, const Log& log) {
    return std::make_unique<ProfileCharger>(profile, placement(charger, charger.unit_id), *line.registers(),
                                            log);
}

std::unique_ptr<Charger> openevse(const config::Charger& charger, const config::Profile& profile, Line& line,
                                  const Log& log) {
    return std::make_unique<OpenEvseCharger>(profile, placement(charger, charger.unit_id), *line.frames(),
                                             log);
}

std::unique_ptr<Charger> listener(const config::Charger& charger, const config::Profile& profile, Line& line,
                                  const Log& log) {
    return std::make_unique<FrameCharger>(profile, placement(charger, charger.unit_id),
                                          charger.meter.has_value(), *line.frames(), log);
}

struct Driver {
    Protocol protocol;
    MakeCharger make;
};

/// Any other protocol is a register map.
constexpr std::array<Driver, 2> drivers{{
    {Protocol::rapi, &openevse},
    {Protocol::frames, &listener},
}};

MakeCharger driver_of(Protocol protocol) {
    const auto* driver = std::find_if(drivers.begin(), drivers.end(),
                                      [&](const Driver& each) { return each.protocol == protocol; });
    return driver == drivers.end() ? &interpreted : driver->make;
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
    return driver_of(profile.protocol)(charger, profile, line, log.with("charge_point", charger.id));
}

std::unique_ptr<Charger> make_meter(const config::Charger& charger, const config::Profile& profile,
                                    Line& line, const Log& log) {
    const int unit = charger.meter ? charger.meter->unit_id : profile.default_unit_id;
    return std::make_unique<ProfileCharger>(profile, placement(charger, unit), *line.registers(),
                                            log.with("charge_point", charger.id).with("meter", profile.id));
}

}  // namespace busbar::adapters

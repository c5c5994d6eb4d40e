// SPDX-License-Identifier: Apache-2.0
// Two tables: what carries which protocol over which kind of bus, and who drives it.
#include "adapters/make_charger.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "adapters/ascii_registers.hpp"
#include "adapters/datagram_line.hpp"
#include "adapters/evcc1_charger.hpp"
#include "adapters/frame_charger.hpp"
#include "adapters/keba_charger.hpp"
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

/// The registers tell the trace; the frames below them would tell it twice.
template <AsciiDialect dialect>
std::unique_ptr<Line> ascii(const config::Bus& bus, TraceTap tap, const Log& log) {
    return std::make_unique<AsciiRegisters>(bus, std::make_unique<SerialFrameLine>(bus, TraceTap(), log),
                                            dialect, std::move(tap));
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

constexpr std::array<Carrier, 10> carriers{{
    {Protocol::modbus, BusKind::rtu, &modbus},
    {Protocol::modbus, BusKind::tcp, &modbus},
    {Protocol::modbus, BusKind::rtu_over_tcp, &modbus},
    {Protocol::modbus, BusKind::ascii, &ascii<AsciiDialect::modbus>},
    {Protocol::abl, BusKind::ascii, &ascii<AsciiDialect::abl>},
    {Protocol::abl, BusKind::serial, &ascii<AsciiDialect::abl>},
    {Protocol::rapi, BusKind::serial, &serial_frames},
    {Protocol::evcc1, BusKind::serial, &serial_frames},
    {Protocol::frames, BusKind::serial, &serial_frames},
    {Protocol::keba, BusKind::keba_udp, &datagrams},
}};

Placement placement(const config::Charger& charger, const config::Profile& profile) {
    return {charger.unit_id,
            config::units_of(charger, profile),
            charger.poll_interval,
            {charger.max_current, charger.failsafe_current, charger.phases, charger.voltage},
            config::connectors_of(charger, profile)};
}

using config::SharedProfile;
using MakeCharger = std::unique_ptr<Charger> (*)(const config::Charger&, const SharedProfile&, Line&,
                                                 const Log&);

std::unique_ptr<Charger> interpreted(const config::Charger& charger, const SharedProfile& profile, Line& line,
                                     const Log& log) {
    return std::make_unique<ProfileCharger>(profile, placement(charger, *profile), *line.registers(), log);
}

template <class Driver>
std::unique_ptr<Charger> driven(const config::Charger& charger, const SharedProfile& profile, Line& line,
                                const Log& log) {
    return std::make_unique<Driver>(*profile, placement(charger, *profile), *line.frames(), log);
}

std::unique_ptr<Charger> told(const config::Charger& charger, const SharedProfile& profile, Line& line,
                              const Log& log) {
    return std::make_unique<FrameCharger>(*profile, placement(charger, *profile), charger.meter.has_value(),
                                          *line.frames(), log);
}

struct Driver {
    Protocol protocol;
    MakeCharger make;
};

constexpr std::array<Driver, 6> drivers{{
    {Protocol::modbus, &interpreted},
    {Protocol::abl, &interpreted},
    {Protocol::rapi, &driven<OpenEvseCharger>},
    {Protocol::evcc1, &driven<Evcc1Charger>},
    {Protocol::keba, &driven<KebaCharger>},
    {Protocol::frames, &told},
}};

MakeCharger driver_of(Protocol protocol) {
    const auto* driver = drivers.begin();
    while (driver->protocol != protocol) ++driver;
    return driver->make;
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

std::unique_ptr<Charger> make_charger(const config::Charger& charger, const SharedProfile& profile,
                                      Line& line, const Log& log) {
    return driver_of(profile->protocol)(charger, profile, line, log.with("charge_point", charger.id));
}

std::unique_ptr<Charger> make_meter(const config::Charger& charger, const SharedProfile& profile, Line& line,
                                    const Log& log) {
    config::Charger alone = charger;
    alone.unit_id = charger.meter ? charger.meter->unit_id : profile->default_unit_id;
    alone.units.clear();
    alone.connectors = 1;
    return interpreted(alone, profile, line, log.with("charge_point", charger.id).with("meter", profile->id));
}

}  // namespace busbar::adapters

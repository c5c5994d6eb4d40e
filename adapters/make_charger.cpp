// SPDX-License-Identifier: Apache-2.0
// The table of bus kinds; every charger so far is interpreted from its profile.
#include "adapters/make_charger.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>
#include <utility>

#include "adapters/modbus_registers.hpp"
#include "adapters/profile_charger.hpp"

namespace busbar::adapters {
namespace {

using config::BusKind;
using MakeRegisters = std::unique_ptr<Registers> (*)(const config::Bus&, TraceTap, const Log&);

std::unique_ptr<Registers> modbus(const config::Bus& bus, TraceTap tap, const Log& log) {
    return std::make_unique<ModbusRegisters>(bus, std::move(tap), log);
}

struct Kind {
    BusKind kind;
    std::string_view name;
    MakeRegisters make;  ///< nullptr: no driver yet
};

constexpr std::array<Kind, 6> kinds{{
    {BusKind::rtu, "rtu", &modbus},
    {BusKind::tcp, "tcp", &modbus},
    {BusKind::ascii, "ascii", nullptr},
    {BusKind::rtu_over_tcp, "rtu-over-tcp", nullptr},
    {BusKind::serial, "serial", nullptr},
    {BusKind::keba_udp, "keba-udp", nullptr},
}};

const Kind& find(BusKind kind) {
    const auto* entry = kinds.begin();
    while (entry->kind != kind) ++entry;
    return *entry;
}

Placement placement(const config::Charger& charger, int unit) {
    return {unit,
            charger.units,
            charger.poll_interval,
            {charger.max_current, charger.failsafe_current, charger.phases, charger.voltage}};
}

}  // namespace

Result<std::unique_ptr<Registers>> make_registers(const config::Bus& bus, TraceTap tap, const Log& log) {
    const auto& kind = find(bus.kind);
    if (kind.make == nullptr) {
        return Error{Errc::unsupported,
                     fmt::format("bus {}: this version speaks rtu and tcp, not {}", bus.id, kind.name)};
    }
    return kind.make(bus, std::move(tap), log);
}

std::unique_ptr<Charger> make_charger(const config::Charger& charger, const config::Profile& profile,
                                      Registers& registers, const Log& log) {
    return std::make_unique<ProfileCharger>(profile, placement(charger, charger.unit_id), registers,
                                            log.with("charge_point", charger.id));
}

std::unique_ptr<Charger> make_meter(const config::Charger& charger, const config::Profile& profile,
                                    Registers& registers, const Log& log) {
    const int unit = charger.meter ? charger.meter->unit_id : profile.default_unit_id;
    return std::make_unique<ProfileCharger>(profile, placement(charger, unit), registers,
                                            log.with("charge_point", charger.id).with("meter", profile.id));
}

}  // namespace busbar::adapters

// SPDX-License-Identifier: Apache-2.0
#include "gateway/uplink/modem_dbus.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "ocpp/date_time.hpp"

namespace busbar::gateway::modem_dbus {
namespace {

const std::string gpp_interface = modem_interface + ".Modem3gpp";

/// Leaves `out` alone where the property is missing or of another type than documented.
template <class T>
void take(const Properties& properties, const std::string& name, T& out) {
    const auto found = properties.find(name);
    if (found == properties.end()) return;
    try {
        out = found->second.get<T>();
    } catch (const sdbus::Error&) {
    }
}

/// An enumeration by the number on the wire.
template <class Wire, class E>
void take_enum(const Properties& properties, const std::string& name, E& out) {
    auto number = static_cast<Wire>(out);
    take(properties, name, number);
    out = static_cast<E>(number);
}

const Properties& of(const Interfaces& interfaces, const std::string& name) {
    static const Properties none;
    const auto found = interfaces.find(name);
    return found == interfaces.end() ? none : found->second;
}

void take_modem(const Properties& properties, ModemFacts& out) {
    take_enum<std::int32_t>(properties, "State", out.state);
    take_enum<std::uint32_t>(properties, "StateFailedReason", out.failure);
    take_enum<std::uint32_t>(properties, "UnlockRequired", out.lock);
    take(properties, "UnlockRetries", out.unlock_retries);
    take(properties, "AccessTechnologies", out.access);
    take(properties, "EquipmentIdentifier", out.imei);
    sdbus::Struct<std::uint32_t, bool> quality;
    if (properties.contains("SignalQuality")) {
        take(properties, "SignalQuality", quality);
        out.percent = std::get<0>(quality);
    }
    sdbus::ObjectPath sim;
    take(properties, "Sim", sim);
    if (sim != "/") out.sim = sim;
    std::vector<sdbus::Struct<std::string, std::uint32_t>> ports;
    take(properties, "Ports", ports);
    for (const auto& port : ports) out.ports.push_back(std::get<0>(port));
}

/// The dictionaries of the technologies are empty but for the one in use.
void take_signal(const Properties& properties, ModemFacts& out) {
    for (const char* technology : {"Gsm", "Umts", "Lte", "Nr5g"}) {
        Properties figures;
        take(properties, technology, figures);
        for (const auto& [name, to] : {std::pair("rssi", &out.rssi), std::pair("rsrp", &out.rsrp)}) {
            if (!figures.contains(name)) continue;
            double dbm = 0;
            take(figures, name, dbm);
            if (dbm < 0) *to = dbm;
        }
    }
}

constexpr std::string_view no_polkit =
    "polkit does not let this user control modems: install polkitd and a rule for "
    "org.freedesktop.ModemManager1.Device.Control";

struct ErrorKind {
    std::string_view part;  ///< of the D-Bus error's name
    Errc code;
    std::string_view words;
};

constexpr std::array<ErrorKind, 9> error_kinds{
    {{"IncorrectPassword", Errc::refused, "the SIM refuses the PIN"},
     {"IncorrectPin", Errc::refused, "the SIM refuses the PIN"},
     {"SimPuk", Errc::refused, "the SIM is blocked and wants its PUK"},
     {"Unauthorized", Errc::unreachable, no_polkit},
     {"AccessDenied", Errc::unreachable, "the system bus does not let this user talk to ModemManager"},
     {"ServiceUnknown", Errc::unreachable, "ModemManager is not running: install modemmanager or start it"},
     {"NameHasNoOwner", Errc::unreachable, "ModemManager is not running: install modemmanager or start it"},
     {"UnknownObject", Errc::unreachable, "the modem is gone"},
     {"Unsupported", Errc::unsupported, "this modem cannot do it"}}};

}  // namespace

ModemFacts facts_of(const Interfaces& interfaces) {
    ModemFacts facts;
    take_modem(of(interfaces, modem_interface), facts);
    const Properties& gpp = of(interfaces, gpp_interface);
    take_enum<std::uint32_t>(gpp, "RegistrationState", facts.registration);
    take(gpp, "OperatorName", facts.operator_name);
    take(gpp, "OperatorCode", facts.operator_code);
    take_signal(of(interfaces, signal_interface), facts);
    return facts;
}

void take_sim(const Properties& properties, ModemFacts& out) {
    take(properties, "SimIdentifier", out.iccid);
    take(properties, "Imsi", out.imsi);
}

/// ModemManager writes offsets of full hours as "+01".
std::optional<UtcTime> network_time_of(std::string text) {
    const auto sign = text.find_last_of("+-Z");
    if (sign == std::string::npos || sign < text.find('T')) return std::nullopt;
    if (text.size() - sign == 3) text += ":00";
    return ocpp::parse_iso8601(text);
}

Error error_of(const sdbus::Error& error) {
    // Without polkitd ModemManager 1.20 calls it a plain failure.
    if (error.getMessage().find("PolicyKit authorization failed") != std::string::npos)
        return {Errc::unreachable, std::string(no_polkit)};
    for (const auto& kind : error_kinds) {
        if (error.getName().find(kind.part) != std::string::npos) return {kind.code, std::string(kind.words)};
    }
    const bool late = error.getName().find("Timeout") != std::string::npos ||
                      error.getName().find("NoReply") != std::string::npos;
    return {late ? Errc::timeout : Errc::io, fmt::format("{} ({})", error.getMessage(), error.getName())};
}

}  // namespace busbar::gateway::modem_dbus

// SPDX-License-Identifier: Apache-2.0
// ModemManager's properties and errors as sdbus-c++ delivers them, turned into our facts. For
// modem_manager.cpp only.
#pragma once

#include <sdbus-c++/sdbus-c++.h>

#include <map>
#include <optional>
#include <string>

#include "gateway/base/result.hpp"
#include "gateway/base/time.hpp"
#include "gateway/uplink/modem_facts.hpp"

namespace busbar::gateway::modem_dbus {

inline const std::string service = "org.freedesktop.ModemManager1";
inline const std::string modem_interface = service + ".Modem";
inline const std::string signal_interface = modem_interface + ".Signal";
inline const std::string time_interface = modem_interface + ".Time";
inline const std::string sim_interface = service + ".Sim";

using Properties = std::map<std::string, sdbus::Variant>;
using Interfaces = std::map<std::string, Properties>;
using Objects = std::map<sdbus::ObjectPath, Interfaces>;

/// Of a modem object; what is missing, or of another type than documented, stays as it is by default.
ModemFacts facts_of(const Interfaces& interfaces);

/// ICCID and IMSI of a SIM object into the facts of its modem.
void take_sim(const Properties& properties, ModemFacts& out);

/// A time without an offset from UTC is a local one: empty.
std::optional<UtcTime> network_time_of(std::string text);

/// In words, with the code ModemManager::Done promises.
Error error_of(const sdbus::Error& error);

}  // namespace busbar::gateway::modem_dbus

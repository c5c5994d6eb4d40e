// SPDX-License-Identifier: Apache-2.0
// How the enumerations that several files share are written.
#pragma once

#include "config/json_reader.hpp"
#include "gateway/base/reading.hpp"

namespace busbar::config {

constexpr std::array<Name<BusKind>, 6> kBusKinds{{{"rtu", BusKind::rtu},
                                                  {"ascii", BusKind::ascii},
                                                  {"tcp", BusKind::tcp},
                                                  {"rtu-over-tcp", BusKind::rtu_over_tcp},
                                                  {"serial", BusKind::serial},
                                                  {"keba-udp", BusKind::keba_udp}}};

constexpr std::array<Name<Parity>, 3> kParities{
    {{"none", Parity::none}, {"even", Parity::even}, {"odd", Parity::odd}}};

/// nullopt: "keep", which only a state rule can say.
constexpr std::array<Name<std::optional<CpState>>, 10> kStates{{{"A", CpState::A},
                                                                {"B1", CpState::B1},
                                                                {"B2", CpState::B2},
                                                                {"C1", CpState::C1},
                                                                {"C2", CpState::C2},
                                                                {"D", CpState::D},
                                                                {"E", CpState::E},
                                                                {"F", CpState::F},
                                                                {"unknown", CpState::unknown},
                                                                {"keep", std::nullopt}}};

constexpr std::array<Name<FaultCode>, 14> kFaultCodes{
    {{"ConnectorLockFailure", FaultCode::ConnectorLockFailure},
     {"EVCommunicationError", FaultCode::EVCommunicationError},
     {"GroundFailure", FaultCode::GroundFailure},
     {"HighTemperature", FaultCode::HighTemperature},
     {"InternalError", FaultCode::InternalError},
     {"OtherError", FaultCode::OtherError},
     {"OverCurrentFailure", FaultCode::OverCurrentFailure},
     {"OverVoltage", FaultCode::OverVoltage},
     {"PowerMeterFailure", FaultCode::PowerMeterFailure},
     {"PowerSwitchFailure", FaultCode::PowerSwitchFailure},
     {"ReaderFailure", FaultCode::ReaderFailure},
     {"ResetFailure", FaultCode::ResetFailure},
     {"UnderVoltage", FaultCode::UnderVoltage},
     {"WeakSignal", FaultCode::WeakSignal}}};

/// Baud rates that both termios and the chargers in the field know.
constexpr std::array<int, 8> kBaudRates{1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200};

}  // namespace busbar::config

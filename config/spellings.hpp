// SPDX-License-Identifier: Apache-2.0
// How the enumerations that both files share are written.
#pragma once

#include "config/json_reader.hpp"

namespace busbar::config {

constexpr std::array<Name<BusKind>, 6> kBusKinds{{{"rtu", BusKind::rtu},
                                                  {"ascii", BusKind::ascii},
                                                  {"tcp", BusKind::tcp},
                                                  {"rtu-over-tcp", BusKind::rtu_over_tcp},
                                                  {"serial", BusKind::serial},
                                                  {"keba-udp", BusKind::keba_udp}}};

constexpr std::array<Name<Parity>, 3> kParities{
    {{"none", Parity::none}, {"even", Parity::even}, {"odd", Parity::odd}}};

/// Baud rates that both termios and the chargers in the field know.
constexpr std::array<int, 8> kBaudRates{1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200};

}  // namespace busbar::config

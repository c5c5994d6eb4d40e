// SPDX-License-Identifier: Apache-2.0
// How well a modem hears its network, in the figure installers are told to look at: the CSQ of 3GPP
// TS 27.007.
#pragma once

#include <optional>
#include <string_view>

namespace busbar::gateway {

/// Below this a charger's link is not to be relied on: what charger makers ask of the place of an antenna is
/// more than 14.
constexpr int csq_line = 14;

/// Of a received signal strength in dBm: 0 (-113 dBm and below) to 31 (-51 dBm and above).
int csq_of_dbm(double dbm);

/// Of ModemManager's 0 to 100 %, which is CSQ scaled, where the modem tells no dBm.
int csq_of_percent(unsigned percent);

/// "none" (0), "poor" (up to the line), "good", "very good" (20 and above); "unknown" without a figure.
std::string_view signal_word(std::optional<int> csq);

}  // namespace busbar::gateway

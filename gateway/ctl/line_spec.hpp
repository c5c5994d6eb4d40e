// SPDX-License-Identifier: Apache-2.0
// A line as a person names it on the command line. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "config/config.hpp"
#include "gateway/base/result.hpp"

namespace busbar::ctl {

/// "/dev/ttyUSB0", "/dev/ttyUSB0:19200,even,1", "rtu:...", "ascii:...", "serial:..." of a device,
/// "tcp:192.0.2.7", "tcp:[2001:db8::7]:502", "rtu-over-tcp:192.0.2.7:4196", "keba-udp:192.0.2.7". nullopt: it
/// is none of these, so the id of a bus. Error (invalid): it is one with a mistake. Without settings 9600
/// baud, even parity, 1 stop bit; a network peer's port 502, a KEBA box's 7090.
std::optional<Result<config::Bus>> parse_line(std::string_view text);

/// Both lead to the same device or peer.
bool same_line(const config::Bus& bus, const std::string& device, const std::string& host, int port);

}  // namespace busbar::ctl

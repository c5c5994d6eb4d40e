// SPDX-License-Identifier: Apache-2.0
// The serial devices of this machine, each by the name that stays when cables are pulled.
#pragma once

#include <string>
#include <vector>

namespace busbar::gateway {

enum class PortKind { usb, onboard, other };

struct SerialPort {
    std::string device;              ///< for the configuration: by socket, by id, by path, or the kernel's
    std::string path;                ///< what the kernel calls it now: /dev/ttyUSB0
    std::vector<std::string> names;  ///< all names that stay
    PortKind kind = PortKind::other;
    std::string label;        ///< for the person
    bool accessible = false;  ///< this process may open it
};

/// By `path`. `dev` and `sys` are where /dev and /sys are mounted. A UART that the kernel reserves a name for
/// and the board does not have is left out.
std::vector<SerialPort> serial_ports(const std::string& dev = "/dev", const std::string& sys = "/sys");

/// Both names lead to the same device, which need not be there.
bool same_device(const std::string& a, const std::string& b);

}  // namespace busbar::gateway

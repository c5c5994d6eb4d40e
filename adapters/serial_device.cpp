// SPDX-License-Identifier: Apache-2.0
// Pseudo terminals, transceivers, error numbers.
#include "adapters/serial_device.hpp"

#include <fmt/format.h>
#include <linux/serial.h>
#include <sys/ioctl.h>

#include <cerrno>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <system_error>

namespace busbar::adapters {

bool is_pseudo_terminal(const std::string& device) {
    const std::unique_ptr<char, decltype(&std::free)> real(::realpath(device.c_str(), nullptr), &std::free);
    return real && std::string_view(real.get()).starts_with("/dev/pts/");
}

Frame usable_frame(const config::Bus& bus, const Log& log, bool& told) {
    const bool plain = bus.parity == config::Parity::none && bus.data_bits == 8;
    if (plain || !is_pseudo_terminal(bus.device)) return {bus.parity, bus.data_bits};
    if (!told) {
        log.warning("pty_without_parity",
                    bus.device + " is a pseudo terminal: opened with 8 data bits, without parity");
    }
    told = true;
    return {config::Parity::none, 8};
}

Error serial_error(const std::string& device, int error) {
    switch (error) {
        case ENOENT:
            return {Errc::unreachable,
                    fmt::format("{} does not exist; plug the adapter in or correct buses[].device", device)};
        case EACCES:
        case EPERM:
            return {
                Errc::unreachable,
                fmt::format("{} may not be opened; let the gateway's user join the group dialout", device)};
        case EBUSY:
            return {Errc::unreachable,
                    fmt::format("{} is held by another program; stop that one (a modem manager, a console)",
                                device)};
        default:
            return {Errc::unreachable, fmt::format("{}: {}; is it a serial device that takes these settings?",
                                                   device, std::generic_category().message(error))};
    }
}

void use_kernel_direction(int fd) {
    serial_rs485 settings{};
    if (::ioctl(fd, TIOCGRS485, &settings) != 0 || (settings.flags & SER_RS485_ENABLED) != 0) return;
    settings.flags |= SER_RS485_ENABLED;
    if ((settings.flags & (SER_RS485_RTS_ON_SEND | SER_RS485_RTS_AFTER_SEND)) == 0)
        settings.flags |= SER_RS485_RTS_ON_SEND;
    static_cast<void>(::ioctl(fd, TIOCSRS485, &settings));
}

}  // namespace busbar::adapters

// SPDX-License-Identifier: Apache-2.0
// Hearing what others say on a serial line before anything is said on it.
#include <modbus.h>
#include <poll.h>
#include <unistd.h>

#include <array>

#include "adapters/modbus_registers.hpp"

namespace busbar::adapters {

Result<std::vector<std::uint8_t>> ModbusRegisters::listen(milliseconds time) {
    if (const auto opened = open(); !opened) return opened.error();  // which reads away what is stale
    std::vector<std::uint8_t> heard;
    if (!frames_are_rtu()) return heard;
    constexpr std::size_t most = 256;
    const auto until = now() + time;
    while (heard.size() < most) {
        const int fd = modbus_get_socket(context_.get());
        const auto woken = interrupt_.wait(fd, POLLIN, until);
        if (woken == Interrupt::Woken::interrupted) return stopped();
        if (woken == Interrupt::Woken::timeout) break;
        std::array<std::uint8_t, most> bytes{};
        const auto count = ::read(fd, bytes.data(), most - heard.size());
        if (count <= 0) {
            close();
            return Error{Errc::unreachable, settings_.device + " was taken away while listening"};
        }
        heard.insert(heard.end(), bytes.begin(), bytes.begin() + count);
        last_byte_ = now();
    }
    return heard;
}

}  // namespace busbar::adapters

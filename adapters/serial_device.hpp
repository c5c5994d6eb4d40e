// SPDX-License-Identifier: Apache-2.0
// What every user of a serial device has to know about Linux: pseudo terminals, transceivers, error numbers.
#pragma once

#include <string>

#include "config/config.hpp"
#include "gateway/base/log.hpp"
#include "gateway/base/result.hpp"

namespace busbar::adapters {

/// True below /dev/pts, links followed.
bool is_pseudo_terminal(const std::string& device);

/// Parity and data bits to open `bus.device` with: as configured, but none and 8 on a pseudo terminal, which
/// refuses a second open with others and has no line that could use them. That is logged unless `told`.
struct Frame {
    config::Parity parity;
    int data_bits;
};
Frame usable_frame(const config::Bus& bus, const Log& log, bool& told);

/// Why `device` cannot be opened or set, and the cure. `error` is an errno.
Error serial_error(const std::string& device, int error);

/// Where the port's driver can switch an RS485 transceiver, it does so more exactly than any program. Its
/// polarity and delays stay as the device tree set them; ports that cannot refuse the question.
void use_kernel_direction(int fd);

}  // namespace busbar::adapters

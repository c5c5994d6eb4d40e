// SPDX-License-Identifier: Apache-2.0
// Lines of the box that can be read or driven: a GPIO line, or a file of the kernel.
#pragma once

#include <memory>

#include "config/hardware.hpp"
#include "gateway/base/result.hpp"

namespace busbar::gateway {

/// Each call is one system call or two on a file or character device of the kernel, which answers at once.
class PinHandle {
  public:
    virtual ~PinHandle() = default;
    /// Active as the profile says, whatever the voltage. Error: io.
    virtual Result<bool> read() = 0;
    virtual Result<void> write(bool active) = 0;
};

enum class PinUse { input, output_off, output_on };  ///< outputs: what they are at first

/// Error (io): there is no such line or file, somebody else has it, or we may not; with the cure.
Result<std::unique_ptr<PinHandle>> open_pin(const config::Pin& pin, PinUse use);

/// As above, of a GPIO chip: gpio.cpp, where libgpiod is.
Result<std::unique_ptr<PinHandle>> open_gpio(const config::Pin& pin, PinUse use);

}  // namespace busbar::gateway

// SPDX-License-Identifier: Apache-2.0
// Messages on a serial device: what stands before a CR or an LF.
#pragma once

#include "adapters/frame_line.hpp"
#include "adapters/serial_port.hpp"

namespace busbar::adapters {

class SerialFrameLine final : public FrameLine {
  public:
    /// `bus` is of kind serial or ascii. Nothing is opened yet.
    SerialFrameLine(const config::Bus& bus, TraceTap tap, const Log& log);

    Result<SteadyTime> open() override { return port_.open(); }
    void interrupt() override { port_.interrupt(); }
    /// What is heard stays for the exchanges to come.
    Result<std::vector<std::uint8_t>> listen(milliseconds time) override;

  private:
    Exchange<SteadyTime> transmit(std::string_view bytes) override { return port_.send(bytes); }
    Exchange<std::string> receive(SteadyTime deadline) override;
    [[nodiscard]] std::size_t unfinished() const override;

    std::string take_message();

    SerialPort port_;
    std::string received_;  ///< not yet a message; at most kLongestMessage and one read
};

}  // namespace busbar::adapters

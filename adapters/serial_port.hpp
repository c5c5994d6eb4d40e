// SPDX-License-Identifier: Apache-2.0
// A serial device as a stream of raw bytes, for protocols that bring their own framing.
#pragma once

#include <string>
#include <string_view>

#include "adapters/interrupt.hpp"
#include "adapters/line.hpp"
#include "adapters/open_attempts.hpp"
#include "config/config.hpp"
#include "gateway/base/log.hpp"

namespace busbar::adapters {

/// No flow control, held exclusively. A device that vanishes (an unplugged adapter) is
/// closed; open() finds it again. Lives on the bus's thread; only interrupt() may be called from another.
class SerialPort {
  public:
    /// `bus` has device, baud, parity, stop and data bits. Nothing is opened yet.
    SerialPort(config::Bus bus, const Log& log);
    SerialPort(const SerialPort&) = delete;
    SerialPort& operator=(const SerialPort&) = delete;
    ~SerialPort();

    /// Opens the device unless it is open, at most once a second; since when it is open. What came before is
    /// thrown away. Errors: unreachable, with the cure; cancelled.
    Result<SteadyTime> open();

    /// Any thread: ends the wait under way and every later one.
    void interrupt() const { interrupt_.raise(); }

    /// Hands all of it to the device; when its last byte has left, by the baud rate. Errors: unreachable,
    /// timeout (the device takes nothing), cancelled.
    Exchange<SteadyTime> send(std::string_view bytes);

    /// What has come, at least one byte, waiting until `deadline`; a deadline in the past looks only.
    /// Errors: timeout, unreachable, cancelled.
    Exchange<std::string> receive(SteadyTime deadline);

  private:
    Result<int> open_device();
    Exchange<void> wait(short events, SteadyTime deadline);
    ExchangeError lost(int error);
    void close();

    config::Bus settings_;
    Log log_;
    Interrupt interrupt_;
    OpenAttempts attempts_;
    int fd_ = -1;
    SteadyTime opened_at_{};
    bool told_about_frame_ = false;
};

}  // namespace busbar::adapters

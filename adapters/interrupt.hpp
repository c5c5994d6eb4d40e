// SPDX-License-Identifier: Apache-2.0
// Waiting for a file descriptor with a deadline, in a way another thread can end.
#pragma once

#include "gateway/base/result.hpp"
#include "gateway/base/time.hpp"

namespace busbar::adapters {

class Interrupt {
  public:
    enum class Woken { ready, timeout, interrupted };

    Interrupt();
    Interrupt(const Interrupt&) = delete;
    Interrupt& operator=(const Interrupt&) = delete;
    ~Interrupt();

    /// Any thread. Stays raised for ever: it announces the stop.
    void raise() const;

    /// Until `fd` shows one of `events` (see poll(2)), an error or a hang-up. `fd` -1 just waits.
    [[nodiscard]] Woken wait(int fd, short events, SteadyTime deadline) const;

  private:
    int event_;
};

/// What every wait reports once raise() was called.
Error stopped();

}  // namespace busbar::adapters

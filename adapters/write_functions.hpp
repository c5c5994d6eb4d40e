// SPDX-License-Identifier: Apache-2.0
// Which of Modbus's two writes a box takes for one register, where the profile leaves it open.
#pragma once

#include <set>

#include "adapters/line.hpp"
#include "adapters/registers.hpp"
#include "config/profile.hpp"

namespace busbar::adapters {

/// Some boxes know FC06 (FC05) only, some FC16 (FC15) only; "illegal function" tells. Learned for each span.
class WriteFunctions {
  public:
    [[nodiscard]] config::WriteFunction choose(const config::Register& reg, const Span& span) const;

    /// A write with what choose() said was answered no. True: the other function is worth a try, now, and is
    /// chosen from now on. Refused both ways: false, and the next write begins anew.
    bool learn(const config::Register& reg, const Span& span, const ExchangeError& error);

  private:
    std::set<Span> multiple_;  ///< where the single write was refused
};

}  // namespace busbar::adapters

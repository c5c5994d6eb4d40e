// SPDX-License-Identifier: Apache-2.0
// Judges whether every thread still answers, so that whoever supervises the process may be told so.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "gateway/base/time.hpp"

namespace busbar::gateway {

/// A thread that owes a sign of life.
struct Owed {
    std::string who;   ///< for the log: "bus rs485-1"
    SteadyTime since;  ///< when it was asked
};

class Watchdog {
  public:
    /// `period`: without a sign from us for so long the process is ended from outside.
    explicit Watchdog(milliseconds period) : period_(period) {}

    /// How often to look.
    [[nodiscard]] milliseconds interval() const { return period_ / 6; }
    /// How long a thread may take to answer; longer than any exchange on a bus where `period` is 60 s.
    [[nodiscard]] milliseconds patience() const { return period_ / 2; }

    struct Look {
        bool well = true;                 ///< nobody is overdue: give the sign
        std::vector<std::string> lost{};  ///< overdue since this look
        std::vector<std::string> back{};  ///< overdue at the last look, and no more
    };
    Look look(const std::vector<Owed>& owed, SteadyTime now);

  private:
    milliseconds period_;
    std::set<std::string> overdue_;
};

}  // namespace busbar::gateway

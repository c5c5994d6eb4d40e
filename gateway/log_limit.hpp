// SPDX-License-Identifier: Apache-2.0
// How many lines of one event the journal gets in a minute: what goes wrong a thousand times a second must
// not push out what explains it. Who logs has the finer rule, one line a cause and streak. Pure: told the
// time.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "gateway/base/log.hpp"
#include "gateway/base/time.hpp"

namespace busbar::gateway {

class LogLimit {
  public:
    static constexpr int most_a_minute = 300;  ///< of one event: a charge point each, a few times over

    struct Verdict {
        bool write = true;
        std::uint64_t withheld = 0;  ///< of that event in the minutes before: to be said first
    };
    Verdict on_record(std::string_view event, SteadyTime now);

  private:
    struct Minute {
        SteadyTime began;
        int written = 0;
        std::uint64_t withheld = 0;
    };
    std::map<std::string, Minute, std::less<>> minutes_;  ///< as many as there are events: EVENTS.md
};

/// `sink` behind a limit; any thread. Debug lines are not counted: who switched them on wants them all.
Log::Sink limited(Log::Sink sink, std::function<SteadyTime()> now = steady_now);

}  // namespace busbar::gateway

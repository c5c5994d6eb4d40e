// SPDX-License-Identifier: Apache-2.0
// Whose turn it is to dial: at most two at once, 250 ms apart, first come first served. Pure: it is told the
// time.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>

#include "gateway/backoff.hpp"
#include "gateway/base/time.hpp"

namespace busbar::gateway {

/// One per gateway. A caller joins once, then asks for a turn; a turn lasts from start_next() until the
/// caller reports success or asks for its next one.
class DialQueue {
  public:
    using Caller = std::uint32_t;
    static constexpr std::size_t most_at_once = 2;
    static constexpr milliseconds apart{250};

    /// `random` gives numbers in [0, 1).
    DialQueue(milliseconds first, milliseconds max, std::function<double()> random);

    Caller join();
    void leave(Caller caller);

    void want_now(Caller caller, SteadyTime now);
    void want_after_failure(Caller caller, SteadyTime now);
    /// The server refused the caller as a duplicate: this wait is not cut short by another's success.
    void want_after_duplicate(Caller caller, SteadyTime now);

    /// The turn ended with a connection. Every back-off starts over and the waiting ones come due now.
    void succeeded(Caller caller, SteadyTime now);

    /// The central system is known to answer again: who waits out a back-off comes due now.
    void hurry(SteadyTime now);

    /// Gives up the turn or the place in the queue; the caller stays joined.
    void withdraw(Caller caller);

    /// Begins the turn of the caller that has been due longest, if one may dial now.
    std::optional<Caller> start_next(SteadyTime now);

    /// When start_next() is worth the next call; empty: not before something else is reported.
    [[nodiscard]] std::optional<SteadyTime> next_deadline() const;

    /// When the caller may dial at the earliest; empty: it does not wait.
    [[nodiscard]] std::optional<SteadyTime> due(Caller caller) const;

  private:
    struct Place {
        Backoff backoff;
        int duplicates = 0;
        bool dialling = false;
        bool patient = false;  ///< waits its time out whatever others achieve
        std::optional<SteadyTime> due;
        std::uint64_t ticket = 0;  ///< breaks ties in the order of asking
    };

    void enter(Caller caller, SteadyTime due, bool patient);
    [[nodiscard]] std::map<Caller, Place>::const_iterator first_due() const;

    milliseconds first_;
    milliseconds max_;
    std::function<double()> random_;
    std::map<Caller, Place> places_;
    std::size_t dialling_ = 0;
    std::optional<SteadyTime> last_start_;
    Caller next_caller_ = 1;
    std::uint64_t next_ticket_ = 0;
};

}  // namespace busbar::gateway

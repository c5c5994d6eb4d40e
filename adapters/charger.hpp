// SPDX-License-Identifier: Apache-2.0
// The Charger interface: what a driver for one legacy charger promises to the bus that runs it.
#pragma once

#include <vector>

#include "gateway/base/reading.hpp"
#include "gateway/base/result.hpp"
#include "gateway/base/time.hpp"
#include "gateway/base/trace.hpp"

namespace busbar::adapters {

/// When a driver wants its next turn.
struct Next {
    bool done;      ///< this poll cycle, or this command, is complete
    SteadyTime at;  ///< not before; for a finished command: now
    /// Of a poll that is not done: there is news that only the rest of the cycle can tell, before others'
    /// polls.
    bool urgent = false;
    /// Of a poll that is not done: there is news, and snapshot() tells it already.
    bool told = false;
};

/// One legacy charger. Lives on its bus's thread and is called on no other.
///
/// Each call of poll() and execute() makes AT MOST ONE exchange on the wire and returns; a driver that
/// must wait (a gap after the last answer, a sequence with delays) returns {false, time} and keeps its
/// place in its own state. The bus interleaves the chargers and always runs a waiting command before a poll.
class Charger {
  public:
    virtual ~Charger() = default;

    /// May change after the first complete poll, when registers narrow what the profile says.
    [[nodiscard]] virtual Capabilities capabilities() const = 0;
    [[nodiscard]] virtual DeviceIdentity identity() const = 0;

    /// One step of: opening, identification, required state, reading, keep-alive. An Error is one failed
    /// exchange; the driver stays usable and goes on with the next call, which the bus may delay (back-off).
    /// A state or fault that is another is told before the cycle is complete, but never one that was judged
    /// from values of this cycle and of the last.
    virtual Result<Next> poll(SteadyTime now) = 0;

    /// One step of `command`, called again with the same command until done or an Error, which ends it.
    /// `cause` goes into the trace with each exchange. SetLimit keeps its limit as the wanted one even when
    /// the exchange fails: later polls put it in force as soon as the charger answers.
    virtual Result<Next> execute(const Command& command, const Cause& cause, SteadyTime now) = 0;

    /// One reading per connector, from what was read so far; empty before the first complete poll.
    [[nodiscard]] virtual std::vector<Reading> snapshot() const = 0;
};

}  // namespace busbar::adapters

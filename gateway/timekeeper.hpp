// SPDX-License-Identifier: Apache-2.0
// What time it is for what we send and for the certificates we judge: which of the sources of time is
// believed. Pure: it is told what the clocks show.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "gateway/base/time.hpp"

namespace busbar::gateway {

/// Where the time comes from, the weakest first.
enum class TimeSource : std::uint8_t {
    none,     ///< nothing but the date of this release is known
    floor,    ///< and the last time that was known before a restart
    rtc,      ///< the system's clock, which nobody has confirmed, but which may be right
    network,  ///< a mobile network, or the Date of a server whose name and chain were verified
    ocpp,     ///< the central system's currentTime
    ntp,      ///< the system's clock, which the kernel says is synchronised
};

/// The words of the status and the API.
std::string_view to_string(TimeSource source);

/// The system's clock as it stands.
struct SystemClock {
    UtcTime utc;
    bool synchronised = false;  ///< by the kernel's word
};

class Timekeeper {
  public:
    /// No true present lies before `release` nor ten years after it. `kept`: the last time that was known
    /// before the process began; an unconfirmed clock that shows less is wrong.
    explicit Timekeeper(UtcTime release, std::optional<UtcTime> kept = {});

    /// The present; without a time while nothing can be believed. A synchronised clock is, then what was
    /// offered, then a clock that is not contradicted by it (10 s).
    [[nodiscard]] Now now(SteadyTime steady, const SystemClock& system) const;
    [[nodiscard]] TimeSource source(const SystemClock& system) const;

    /// For certificates: the present, and while it is not known the later of clock and floor.
    [[nodiscard]] UtcTime verification_time(SteadyTime steady, const SystemClock& system) const;

    /// A time that was heard at `steady`. False: it is none that can be, or a better source has spoken. What
    /// was heard without a check of the server's certificate dates must not lie before the floor.
    bool offer(UtcTime utc, TimeSource from, SteadyTime steady);

    [[nodiscard]] UtcTime floor() const { return floor_; }
    /// The present as the next floor; empty: nothing better than the clock's own word is known.
    [[nodiscard]] std::optional<UtcTime> next_floor(SteadyTime steady, const SystemClock& system) const;

  private:
    struct Heard {
        UtcTime utc;
        SteadyTime at;
        TimeSource from;
    };
    [[nodiscard]] bool can_be(UtcTime utc) const;
    [[nodiscard]] std::optional<UtcTime> heard_time(SteadyTime steady) const;

    UtcTime release_;
    UtcTime floor_;
    std::optional<Heard> heard_;
};

}  // namespace busbar::gateway

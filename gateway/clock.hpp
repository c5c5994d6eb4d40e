// SPDX-License-Identifier: Apache-2.0
// The time of the daemon: looks at the system's clock now and then, notices when somebody sets it, remembers
// the last known time, and has the system's clock set where it may.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <string>

#include "config/config.hpp"
#include "gateway/base/log.hpp"
#include "gateway/clock_floor.hpp"
#include "gateway/timekeeper.hpp"

namespace busbar::gateway {

/// Loop thread only.
class Clock {
  public:
    /// `floor_file`: read now, written at most each 10 min. `helper`: the socket of the program that may set
    /// the system's clock; nothing happens where nobody listens there.
    Clock(boost::asio::io_context& loop, config::TimeSync settings, const std::string& floor_file,
          std::string helper, const Log& log);

    /// `changed`: somebody set the system's clock, the time became known, or should_wait() is over.
    void start(std::function<void()> changed);
    void set(config::TimeSync settings) { settings_ = settings; }
    /// Remembers the present before an orderly stop.
    void stop();

    [[nodiscard]] Now now() const;
    [[nodiscard]] UtcTime verification_time() const;
    [[nodiscard]] TimeSource source() const;
    [[nodiscard]] UtcTime floor() const { return keeper_.floor(); }

    /// A time that was heard now; see Timekeeper::offer().
    void offer(UtcTime utc, TimeSource from);

    /// Whoever was asked for the time did not tell it, and why; logged once for each reason.
    void not_told(const std::string& why);

    /// For people: that the time is not known, what that means and what would help; "" while it is known.
    [[nodiscard]] std::string complaint() const;

    /// The system's clock cannot be right and the kernel may still say better: dialling had better wait.
    [[nodiscard]] bool should_wait() const;

  private:
    [[nodiscard]] SystemClock system() const;
    void look();
    void arm();
    void keep();
    void set_system_clock(UtcTime utc) const;

    boost::asio::io_context& loop_;
    config::TimeSync settings_;
    ClockFloorFile file_;
    std::string helper_;
    Log log_;
    std::function<void()> changed_;
    Timekeeper keeper_;
    boost::asio::steady_timer timer_;
    SteadyTime started_;
    SteadyTime last_look_;
    UtcTime last_utc_;
    std::optional<SteadyTime> kept_at_;
    TimeSource last_source_ = TimeSource::none;
    std::string why_not_told_;  ///< the newest reason
    bool waited_ = false;       ///< should_wait() at the last look
};

}  // namespace busbar::gateway

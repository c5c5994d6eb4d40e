// SPDX-License-Identifier: Apache-2.0
// When to ping the central system and when to believe that it is gone. Pure: it is told the time.
#pragma once

#include <cstdint>
#include <optional>

#include "gateway/base/time.hpp"

namespace busbar::gateway {

/// Load balancers drop a connection after 60 s without data, so no interval is longer than this.
constexpr seconds longest_ping_interval{50};

class PingSchedule {
  public:
    enum class Action { none, ping, give_up };

    /// `interval` 0: the longest. Any byte that arrives within `pong_limit` after a ping counts as its pong.
    /// Connected now; the first ping is due after one interval.
    PingSchedule(seconds interval, seconds pong_limit, SteadyTime now);

    /// A message left. Where nothing comes within a fifth of the pong limit, a ping asks why: the way may be
    /// gone since the last one.
    void on_sent(SteadyTime now, std::uint64_t bytes_received);

    /// What is due now. `bytes_received` counts up over the life of the connection.
    Action due(SteadyTime now, std::uint64_t bytes_received);
    [[nodiscard]] SteadyTime next_deadline() const;

    /// Counts from now on.
    void set_interval(seconds interval, SteadyTime now);

  private:
    [[nodiscard]] bool is_silent(SteadyTime now, std::uint64_t bytes_received);

    seconds interval_;
    seconds pong_limit_;
    SteadyTime next_ping_;
    std::optional<SteadyTime> pong_due_;
    std::uint64_t received_at_ping_ = 0;
    std::optional<SteadyTime> answer_due_;
    std::uint64_t received_at_sent_ = 0;
};

}  // namespace busbar::gateway

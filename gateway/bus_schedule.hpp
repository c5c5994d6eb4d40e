// SPDX-License-Identifier: Apache-2.0
// Whose exchange is next on a bus. Pure: no thread, no clock, no charger.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "adapters/charger.hpp"
#include "gateway/base/reading.hpp"
#include "gateway/base/result.hpp"
#include "gateway/base/time.hpp"
#include "gateway/base/trace.hpp"

namespace busbar::gateway {

/// A command on its way to a charger.
struct Order {
    std::uint64_t id;
    Command command;
    Cause cause;
    SteadyTime not_before{};  ///< it waits within a sequence, or for a gap
};

/// How well a charger answers its polls.
struct Health {
    int failures = 0;                        ///< in a row
    std::optional<SteadyTime> last_success;  ///< last complete poll cycle
};

/// What a turn took from the bus and what came of it.
struct Took {
    enum class Heard { nothing, answer, silence };  ///< nothing: no exchange; silence: or a damaged answer

    SteadyTime began{};
    SteadyTime ended{};
    Heard heard = Heard::answer;
};

/// Commands go before polls at every exchange; among equals the chargers take turns. A charger that failed
/// three times in a row is silent: it is asked ever less often, up to every 5 s. What goes unanswered while
/// others answer is repeated when three times as long was everybody else's, and all those that left two turns
/// in a row unanswered share that one quarter of the bus. A command is repeated at once, but only once.
class BusSchedule {
  public:
    struct Turn {
        std::size_t charger;
        std::optional<std::uint64_t> order;  ///< empty: a poll
    };

    explicit BusSchedule(std::size_t chargers);

    /// Queues an order. A SetLimit takes the place of an older one for the same connector, whose id is
    /// returned.
    std::optional<std::uint64_t> add(std::size_t charger, Order order);
    /// nullptr once it is gone.
    [[nodiscard]] const Order* find(std::size_t charger, std::uint64_t id) const;

    /// Who may make an exchange at `now`.
    std::optional<Turn> next(SteadyTime now);
    /// Whether next() would give out an order.
    [[nodiscard]] bool has_order(SteadyTime now) const;
    /// When next() has someone, if nothing is added.
    [[nodiscard]] SteadyTime wake_at() const;

    /// What became of the turn that next() gave out. An order that is done or failed is gone.
    void executed(std::size_t charger, std::uint64_t id, const Result<adapters::Next>& step,
                  const Took& took = {});
    void polled(std::size_t charger, const Result<adapters::Next>& step, const Took& took);

    [[nodiscard]] const Health& health(std::size_t charger) const { return seats_[charger].health; }
    [[nodiscard]] bool silent(std::size_t charger) const;

  private:
    struct Seat {
        std::deque<Order> orders;
        SteadyTime next_poll{};
        bool urgent = false;  ///< its poll cycle goes on before the polls of others
        int silences = 0;     ///< turns in a row with an exchange that went unanswered
        SteadyTime last_silence{};
        SteadyTime repeat_at{};  ///< not before, after a silence
        Health health;
    };

    [[nodiscard]] std::size_t most_promising(SteadyTime now) const;
    [[nodiscard]] SteadyTime poll_at(std::size_t charger) const;
    [[nodiscard]] bool is_doubtful(std::size_t charger) const;
    [[nodiscard]] SteadyTime attempt_at(std::size_t charger) const;
    [[nodiscard]] SteadyTime order_at(std::size_t charger, const Order& order) const;
    [[nodiscard]] SteadyTime first_order_at(std::size_t charger) const;
    void account(std::size_t charger, const Took& took);
    std::optional<Turn> next_order(SteadyTime now);
    std::optional<Turn> next_poll(SteadyTime now);

    std::vector<Seat> seats_;
    std::size_t last_ordered_ = 0;
    std::size_t last_polled_ = 0;
    SteadyTime next_probe_{};  ///< of any doubtful charger
};

}  // namespace busbar::gateway

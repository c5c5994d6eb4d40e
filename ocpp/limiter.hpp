// SPDX-License-Identifier: Apache-2.0
// The current one connector may offer and the phases it is drawn on, and the commands that put them in force;
// wakes a car that sleeps after a pause.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "gateway/base/reading.hpp"
#include "gateway/base/result.hpp"
#include "ocpp/context.hpp"
#include "ocpp/own_schedule.hpp"
#include "ocpp/phase_choice.hpp"

namespace busbar::ocpp {

class Limiter {
  public:
    /// A car that does not ask this long after current was offered is woken, once and once more.
    static constexpr seconds wake_after{30};
    static constexpr seconds wake_again_after{120};

    /// `phases`: as PhaseChoice takes it.
    explicit Limiter(ConnectorId connector, std::string_view phases = {}, OwnSchedule own = OwnSchedule())
        : connector_(connector), own_(std::move(own)), phases_(phases) {}

    /// Computes the wanted limit and commands it where it is new. `transaction` null or `hold_back`: 0 A.
    /// Where the charger can switch phases and the period that counts names another number than it is on, it
    /// is told 0 A, then the phases, then the limit. As long as it may draw on all, W are divided by all.
    void update(Context& context, const Transaction* transaction, bool hold_back, const Now& now);

    /// See OwnSchedule; update() does what follows from it.
    void charge_now(Context& context, const Transaction& transaction);

    /// The car's part: sleeping, or charging.
    void observe(Context& context, const Reading& reading, bool flowing, SteadyTime now);

    void on_done(EffectId id, const Result<void>& result);

    [[nodiscard]] Amperes wanted() const { return wanted_.value_or(Amperes(0)); }
    /// What would be wanted if no feed were shared.
    [[nodiscard]] Amperes demand() const { return demand_; }
    /// Who keeps it from more, in a transaction.
    [[nodiscard]] LimitedBy limited_by() const { return limited_by_; }
    /// When whoever keeps it from more is expected to change that; empty: nobody knows.
    [[nodiscard]] std::optional<SteadyTime> limited_until() const;
    [[nodiscard]] const OwnSchedule& own_schedule() const { return own_; }
    /// What the charger has confirmed; empty before the first time.
    [[nodiscard]] std::optional<Amperes> applied() const { return applied_; }
    /// The charger has confirmed the last command, not only an earlier one of the same value.
    [[nodiscard]] bool confirmed() const { return confirmed_; }
    /// Why the charger does not obey the last command; empty while it does, or has not answered yet.
    [[nodiscard]] const std::string& refusal() const { return refusal_; }
    [[nodiscard]] bool offers() const { return wanted() > Amperes(0); }
    [[nodiscard]] std::optional<SteadyTime> next_deadline() const { return next_change_; }

  private:
    struct Allowed {
        Amperes limit;
        int phases;
        LimitedBy by;
    };
    [[nodiscard]] Allowed allowed(Context& context, const Transaction& transaction, int drawn_on,
                                  const Now& now);
    Amperes wanted_limit(Context& context, const Transaction& transaction, const Now& now);
    void follow_own_schedule(Context& context, const Transaction& transaction, const Now& now);
    void save_own_schedule(Context& context);
    void command(Context& context, Amperes limit);
    void see_to_phases(Context& context, SteadyTime now);
    void save_phases(Context& context);

    ConnectorId connector_;
    Amperes demand_;
    LimitedBy limited_by_ = LimitedBy::charger;
    std::optional<Amperes> wanted_;
    std::optional<Amperes> applied_;
    EffectId command_ = 0;
    bool confirmed_ = false;
    std::string refusal_;
    bool unheard_ = false;  ///< the charger did not hear it: once it answers it is told again
    std::optional<SteadyTime> next_change_;

    OwnSchedule own_;
    PhaseChoice phases_;
    std::optional<int> switch_to_;  ///< now

    std::optional<SteadyTime> asleep_since_;
    int wakes_ = 0;
    bool has_charged_ = false;  ///< since current was last offered
};

}  // namespace busbar::ocpp

// SPDX-License-Identifier: Apache-2.0
// Keeps the wanted limit in force: on change, after an outage, when the charger lost it, as its keep-alive.
#pragma once

#include <algorithm>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "adapters/duty.hpp"
#include "adapters/limit_targets.hpp"
#include "adapters/register_image.hpp"
#include "adapters/register_values.hpp"
#include "gateway/base/log.hpp"

namespace busbar::adapters {

/// Writes nothing before it is told a limit. A value that the charger does not keep is corrected within a
/// budget of 4 writes in 30 s (15 where rewriting is the keep-alive); after three corrections in vain only if
/// the charger offers more than it should and the register is not EEPROM. A raise waits until the model's
/// interval since the last change is over, and the last limit is kept up until then; a lower limit never
/// waits. Where none of the limit's registers exists in this charger nothing is written, the limit is not in
/// force, and that is its refusal.
class LimitWriter final : public Duty {
  public:
    /// `profile` has a limit and outlives this, as `values` does.
    LimitWriter(const config::Profile& profile, const RegisterValues& values, Installation installation,
                Log log);

    /// A new command: `limit` is wanted from now on, and what was refused before is tried again.
    void want(Amperes limit, const Cause& cause);
    /// On how many phases it is drawn: watts go through all of them.
    void draw_on(int phases) { installation_.phases = std::min(phases, wired_phases_); }
    /// The charger missed something and may have been away: what cannot be read back is written again.
    void doubt() { doubted_ = true; }
    /// Every register holds, by our last writes, what the wanted limit asks for.
    [[nodiscard]] bool in_force() const;
    /// The charger's no to what was wanted last; asking takes it away. Else why it cannot be written at all.
    std::optional<Error> take_refusal();
    [[nodiscard]] LimitBounds bounds() const { return limit_bounds(*profile_.limit, values_, installation_); }

    std::optional<WriteJob> next(SteadyTime now) override;
    void written(SteadyTime at) override;
    void refused(const Error& error, SteadyTime now) override;
    void restart() override;
    [[nodiscard]] std::optional<SteadyTime> due() const override;

  private:
    /// What we know about one register.
    struct Kept {
        std::optional<Words> own;  ///< the value written since the charger answers, or found there already
        SteadyTime written_at{};
        SteadyTime not_before{};  ///< after a refusal
        int corrections = 0;      ///< of this value
    };
    /// A target with its words.
    struct Goal {
        const config::Register* reg;
        Image image;  ///< empty when the register cannot hold the value
        double value;
        bool is_switch;
        bool pauses;
    };

    [[nodiscard]] Amperes feasible_limit() const;
    [[nodiscard]] std::optional<SteadyTime> raise_at() const;
    [[nodiscard]] std::vector<Goal> goals(Amperes current) const;
    [[nodiscard]] bool is_there(const config::Register& reg) const;
    [[nodiscard]] bool can_obey(const std::vector<Goal>& goals) const;
    [[nodiscard]] bool is_decided() const;
    void refuse_without_register();
    void refuse_unwritten(const std::vector<Goal>& goals);
    [[nodiscard]] const Kept* kept(const Goal& goal) const;
    [[nodiscard]] bool is_kept(const Goal& goal) const;
    [[nodiscard]] bool are_kept(Amperes current) const;
    bool must_write(const Goal& goal, SteadyTime now);
    /// What the charger shows to hold for a goal.
    struct Seen {
        bool as_wanted;
        std::optional<double> value;
    };
    [[nodiscard]] std::optional<Seen> seen(const Goal& goal) const;
    [[nodiscard]] std::optional<Seen> echoed(const Goal& goal) const;
    [[nodiscard]] bool worth_correcting(const Goal& goal, const Seen& seen) const;
    [[nodiscard]] bool repeat_due(const Goal& goal, SteadyTime now) const;
    void forgive(const Goal& goal, SteadyTime now);
    void look_at_validity();
    [[nodiscard]] std::optional<SteadyEpoch::duration> keep_alive_period() const;
    [[nodiscard]] bool within_budget() const;
    void forget_unreadable();
    [[nodiscard]] static bool has_settled(const Kept& known, SteadyTime now);

    const config::Profile& profile_;
    const RegisterValues& values_;
    Installation installation_;
    const int wired_phases_ = installation_.phases;
    Log log_;
    std::optional<Amperes> wanted_;
    Cause cause_;
    bool cause_pending_ = false;  ///< the limit was not in force yet since it was wanted
    std::map<std::string, Kept> kept_;
    std::optional<Goal> goal_;  ///< of the last job
    Amperes current_{};         ///< that the last job is part of
    bool correcting_ = false;
    Amperes level_{};  ///< the highest current that a register may still hold by our writes
    std::optional<SteadyTime> changed_at_;
    milliseconds validity_{0};       ///< the longest that the charger said a setpoint stays valid
    std::deque<SteadyTime> writes_;  ///< of the last 30 s
    std::optional<Error> refusal_;
    std::optional<Error> obstacle_;  ///< why next() has no job though the limit is not in force
    bool told_refused_ = false;
    bool told_nowhere_ = false;
    bool doubted_ = false;
};

}  // namespace busbar::adapters

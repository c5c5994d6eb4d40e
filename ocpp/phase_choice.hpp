// SPDX-License-Identifier: Apache-2.0
// On how many phases one connector charges, as far as it is known, and when it may be told another number.
#pragma once

#include <optional>
#include <string_view>

#include "gateway/base/reading.hpp"
#include "gateway/base/result.hpp"
#include "ocpp/effect.hpp"

namespace busbar::ocpp {

/// A charger is on all three phases until it has been told one; what was told last is saved, as whoever
/// begins anew cannot know whether it still holds. Each switch moves contactors and interrupts the car: two
/// are a minute apart, and after a failure ever longer.
class PhaseChoice {
  public:
    static constexpr std::string_view record_kind = "phases";
    static constexpr seconds least_interval{60};
    static constexpr seconds longest_rest{3600};

    /// `saved`: the body of this connector's record; "": there is none.
    explicit PhaseChoice(std::string_view saved);

    /// It is not known to be on `phases` (1 or 3), and was not always.
    [[nodiscard]] bool differs(int phases) const;
    /// It can be told now: no switch is under way, and the last one is long enough ago.
    [[nodiscard]] bool may_tell(int phases, SteadyTime now) const;
    /// SetPhases leaves as effect `id`.
    void tell(int phases, EffectId id);
    void on_done(EffectId id, const Result<void>& result);
    /// To be asked at every step, before anything else: what became of the last tell(), once it is known.
    std::optional<Result<void>> follow_up(SteadyTime now);
    /// The record, where it has to be saved anew. Asking takes it away.
    std::optional<std::string> take_record();

    /// A reading that contradicts: the driver does not know, or current flows on more phases. True: it was
    /// believed to be on one.
    bool contradicted(const Reading& reading, SteadyTime now);

    [[nodiscard]] bool switching() const { return command_.has_value(); }
    /// It was told one at some time: nobody takes for granted what it is on.
    [[nodiscard]] bool ever_told() const { return saved_; }
    /// It certainly draws on one at most.
    [[nodiscard]] bool on_one() const { return known_ == 1 && !switching(); }
    /// When may_tell() may become true.
    [[nodiscard]] SteadyTime may_tell_at(int phases) const;

  private:
    void rest(SteadyTime now);

    void leave_on(int phases);

    bool saved_ = false;  ///< there is a record
    bool changed_ = false;
    int left_ = 3;              ///< 1: it was told one, and three was not confirmed since
    std::optional<int> known_;  ///< confirmed, and not contradicted
    std::optional<EffectId> command_;
    int told_ = 3;
    std::optional<Result<void>> outcome_;
    bool begun_ = false;
    SteadyTime not_before_{};    ///< the next switch
    SteadyTime change_after_{};  ///< the first switch to another number than before this start
    SteadyTime known_since_{};
    int failures_ = 0;
};

}  // namespace busbar::ocpp

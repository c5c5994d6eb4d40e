// SPDX-License-Identifier: Apache-2.0
// What chargers with commands instead of registers have in common: meet, bring up, limit, cycle.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/charger.hpp"
#include "adapters/kept_settings.hpp"
#include "adapters/limit_targets.hpp"
#include "adapters/paced_frames.hpp"
#include "adapters/profile_charger.hpp"
#include "config/profile.hpp"
#include "gateway/base/log.hpp"

namespace busbar::adapters {

/// One exchange: what is sent, which message is its reply, and what the reply says.
struct Dialog {
    std::string request;
    FrameLine::IsReply is_reply;
    /// Errors: refused, when the box answered no; garbled.
    std::function<Result<void>(std::string_view reply)> take;
    Intent intent = Intent::read;
};

/// From silence to service a charger passes: one question until it answers; then bring-up: what is asked
/// once, then the wanted limit; then cycles. Three failed exchanges in a row lead back to silence. The
/// derived driver says what is asked and what the answers mean; it keeps no time of its own.
class DialogCharger : public Charger {
  public:
    Result<Next> poll(SteadyTime now) final;
    Result<Next> execute(const Command& command, const Cause& cause, SteadyTime now) final;
    [[nodiscard]] std::vector<Reading> snapshot() const final;
    [[nodiscard]] Capabilities capabilities() const override;

  protected:
    /// Of `profile` counts: pacing, phases, limit. `line` outlives this.
    DialogCharger(config::Profile profile, Placement placement, FrameLine& line, Log log);

    using Question = int;  ///< the driver's own numbers
    /// A step of a command's sequence and the time until the next.
    struct SequenceStep {
        Dialog dialog;
        milliseconds wait{0};
        bool silence_is_fine = false;  ///< a box that restarts may not answer any more
    };

    /// What is asked each cycle; the first question tells the state, and whether the box is there.
    [[nodiscard]] virtual std::vector<Question> cycle_questions(SteadyTime now) = 0;
    [[nodiscard]] virtual std::vector<Question> bring_up_questions() const = 0;
    virtual Dialog ask(Question question, SteadyTime now) = 0;
    /// Not every box of the model knows it: one that does not answer it is not asked again.
    [[nodiscard]] virtual bool is_optional(Question question) const = 0;

    /// What makes up the limit `current`, which is feasible; 0 pauses. In the order of writing.
    [[nodiscard]] virtual std::vector<Setting> settings_of(Amperes current) const = 0;
    virtual Dialog set(const Setting& setting) = 0;
    [[nodiscard]] virtual LimitBounds bounds() const = 0;

    /// A keep-alive that is due; what this gives is sent at once.
    virtual std::optional<Dialog> duty(SteadyTime now) = 0;
    /// Empty: this charger cannot do that.
    virtual std::vector<SequenceStep> sequence_of(const Command& command, SteadyTime now) = 0;

    virtual Reading judge(const std::optional<Reading>& previous, SteadyTime now) const = 0;
    /// A message that no exchange asked for.
    virtual void hear(std::string_view message, SteadyTime now) = 0;
    /// The box may be another one by now: nothing known counts.
    virtual void forget() = 0;

    [[nodiscard]] const config::Profile& profile() const { return profile_; }
    [[nodiscard]] const Placement& placement() const { return placement_; }
    [[nodiscard]] const Log& log() const { return log_; }
    [[nodiscard]] KeptSettings& settings() { return settings_; }
    /// The limit that is kept in force, after rounding; empty before the first command.
    [[nodiscard]] std::optional<Amperes> kept_limit() const;

  private:
    using Step = std::optional<Result<Next>>;  ///< empty: there is nothing to do here

    Result<Next> set_limit(Amperes limit, const Cause& cause, SteadyTime now);
    Result<Next> run_sequence(const Command& command, const Cause& cause, SteadyTime now);
    Result<Next> play_sequence(const Command& command, const Cause& cause, SteadyTime now);
    Result<Next> refresh(const Cause& cause, SteadyTime now);

    Step become_ready(const Cause& cause, SteadyTime now);
    Result<Next> meet(const Cause& cause, SteadyTime now);
    void restart();
    Step perform_duties(SteadyTime now);
    Step perform_keep_alive(SteadyTime now);
    Step write_settings(SteadyTime now);
    Step ask_next(const Cause& cause, SteadyTime now);
    void plan_cycle(SteadyTime now);
    Next end_cycle(SteadyTime now);
    Result<Next> tell_news(Result<Next> step, SteadyTime now);

    /// Sends, or says when; the reply has been taken when this is done.
    struct Said {
        std::optional<Next> wait;  ///< not yet, or again: nothing is concluded
        std::optional<Error> error;
    };
    Said say(const Dialog& dialog, const Cause& cause, SteadyTime now);
    Result<Next> failed(const Error& error);
    [[nodiscard]] bool goes_on(const Step& step) const;
    void listen(SteadyTime now);

    const config::Profile profile_;
    const Placement placement_;
    Log log_;
    PacedFrames line_;
    KeptSettings settings_;

    bool present_ = false;
    bool bringing_up_ = false;
    int failures_ = 0;  ///< exchanges in a row, after their retries

    std::deque<Question> questions_;
    std::set<Question> unknown_;  ///< questions this box does not answer
    bool in_cycle_ = false;
    bool state_known_ = false;  ///< the first question of this cycle was answered
    SteadyTime cycle_from_{};
    SteadyTime next_cycle_{};
    std::optional<Reading> reading_;

    std::optional<Amperes> wanted_;
    std::optional<Amperes> limit_under_way_;  ///< by command
    std::deque<SequenceStep> steps_;          ///< left of the command's sequence
    bool sequence_under_way_ = false;
    SteadyTime next_step_{};
    bool refreshing_ = false;
};

}  // namespace busbar::adapters

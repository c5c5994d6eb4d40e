// SPDX-License-Identifier: Apache-2.0
// A charger or meter interpreted from a profile: what to exchange next, and what the answers mean.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "adapters/charger.hpp"
#include "adapters/duty.hpp"
#include "adapters/limit_writer.hpp"
#include "adapters/paced_registers.hpp"
#include "adapters/read_list.hpp"
#include "adapters/register_values.hpp"
#include "adapters/required_state.hpp"
#include "adapters/sequence_runner.hpp"
#include "adapters/watchdog_tokens.hpp"
#include "config/profile.hpp"
#include "gateway/base/log.hpp"

namespace busbar::adapters {

/// Where a device of a profile is and how it is to be driven.
struct Placement {
    int unit = 1;
    std::map<std::string, int> units;  ///< further unit ids that the profile names
    milliseconds poll_interval{1000};
    Installation installation;
};

/// From silence to service a charger passes: one read until it answers; then bring-up: the registers that are
/// read once, the recovery sequence after an outage, the required state, the wanted limit; then cycles. Three
/// failed exchanges in a row lead back to silence. A meter has no limit, and its readings no state.
class ProfileCharger final : public Charger {
  public:
    /// `registers` outlives this.
    ProfileCharger(config::Profile profile, Placement placement, Registers& registers, Log log);

    [[nodiscard]] Capabilities capabilities() const override;
    [[nodiscard]] DeviceIdentity identity() const override;
    Result<Next> poll(SteadyTime now) override;
    Result<Next> execute(const Command& command, const Cause& cause, SteadyTime now) override;
    [[nodiscard]] std::vector<Reading> snapshot() const override;

  private:
    using Step = std::optional<Result<Next>>;  ///< empty: there is nothing to do here

    /// One look at all registers that are due.
    struct Round {
        SteadyTime from;
        bool answered = false;
    };

    Result<Next> set_limit(const SetLimit& command, const Cause& cause, SteadyTime now);
    Result<Next> run_sequence(const std::string& name, const Cause& cause, SteadyTime now);
    Result<Next> refresh(const Cause& cause, SteadyTime now);

    [[nodiscard]] bool goes_on(const Step& step) const;
    Step become_ready(const Cause& cause, SteadyTime now);
    Result<Next> meet(const Cause& cause, SteadyTime now);
    void restart(SteadyTime now);
    Step perform_duties(SteadyTime now);
    Step perform(Duty& duty, SteadyTime now);
    Step read_next(ReadList::Scope scope, SteadyTime from, const Cause& cause, SteadyTime now);
    Next end_cycle(SteadyTime now);
    void take_reading(SteadyTime now);
    [[nodiscard]] SteadyTime duty_time(SteadyTime now) const;
    [[nodiscard]] SteadyTime wake_time(SteadyTime now) const;

    Step hold_back(const Span& span, bool is_write, SteadyTime now);
    Result<Next> read(const Span& span, const Cause& cause, SteadyTime now);
    Result<Next> write(Duty& duty, const WriteJob& job, SteadyTime now);
    Next answered(SteadyTime now);
    Result<Next> failed(const Error& error);
    void tell_missing(const std::vector<std::string>& names, const Error& error);

    const config::Profile profile_;
    const Placement placement_;
    Log log_;
    PacedRegisters line_;
    RegisterValues values_;
    ReadList reads_;
    WatchdogTokens watchdog_;
    SequenceRunner sequence_;
    RequiredState required_;
    std::unique_ptr<LimitWriter> limit_;  ///< a meter has none

    bool present_ = false;  ///< it answers
    bool bringing_up_ = false;
    SteadyTime bring_up_from_{};
    int failures_ = 0;           ///< exchanges in a row, after their retries
    int unanswered_writes_ = 0;  ///< in a row, whatever was read between them

    std::optional<Round> cycle_;
    SteadyTime next_cycle_{};
    std::optional<Reading> reading_;

    std::optional<Amperes> limit_under_way_;  ///< by command
    std::string sequence_under_way_;          ///< by command
    std::optional<Round> refresh_;
};

}  // namespace busbar::adapters

// SPDX-License-Identifier: Apache-2.0
// A charger or meter interpreted from a profile: what to exchange next, and what the answers mean.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "adapters/charger.hpp"
#include "adapters/duty.hpp"
#include "adapters/paced_registers.hpp"
#include "adapters/profile_connector.hpp"
#include "adapters/read_list.hpp"
#include "adapters/sequence_runner.hpp"
#include "adapters/watchdog_tokens.hpp"
#include "adapters/write_functions.hpp"
#include "config/shared_profile.hpp"
#include "gateway/base/log.hpp"

namespace busbar::adapters {

/// From silence to service a charger passes: one read until it answers; then bring-up: the registers that are
/// read once, the sequence init, after an outage recovery, the required state, the wanted limits; then
/// cycles. Three failed exchanges in a row lead back to silence; those of a further unit only rest that unit.
/// A meter has no limit, and its readings no state.
///
/// All connectors share one memory of the registers, one plan of reads, and the watchdog; limits, readings
/// and the sequences wake_up and unlock are each connector's own.
///
/// While a sequence runs nothing else is written to what it may be switching (the whole charger's: init,
/// recovery, reboot; else the connector), but watchdog tokens and whatever lowers a limit: a lower limit
/// waits for one exchange at most. Only before bring-up is complete it waits for init and recovery, which a
/// box may need before it takes a limit at all.
class ProfileCharger final : public Charger {
  public:
    /// `registers` outlives this.
    ProfileCharger(const config::SharedProfile& profile, Placement placement, Registers& registers, Log log);

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

    // Commands: profile_commands.cpp
    Result<Next> obey(const SetLimit& command, const Cause& cause, SteadyTime now);
    Result<Next> obey(const WakeUp& command, const Cause& cause, SteadyTime now);
    Result<Next> obey(const Unlock& command, const Cause& cause, SteadyTime now);
    Result<Next> obey(const Reboot& command, const Cause& cause, SteadyTime now);
    Result<Next> obey(const Refresh& command, const Cause& cause, SteadyTime now);
    Result<Next> obey(const SetPhases& command, const Cause& cause, SteadyTime now);
    [[nodiscard]] ProfileConnector* connector(ConnectorId id);
    Result<Next> run_sequence(SequenceRunner& runner, std::string& under_way, const std::string& name,
                              const Cause& cause, SteadyTime now);
    [[nodiscard]] bool goes_on(const Step& step) const;
    // Phases: profile_phases.cpp
    Result<Next> change_phases(ProfileConnector& each, const Cause& cause, SteadyTime now);
    Result<Next> pause_for_phases(ProfileConnector& each, const Cause& cause, SteadyTime now);
    Result<Next> switch_phases(ProfileConnector& each, const Cause& cause, SteadyTime now);
    [[nodiscard]] SteadyTime look_again(SteadyTime now) const;

    // The order of things
    Step become_ready(const Cause& cause, SteadyTime now);
    Result<Next> meet(const Cause& cause, SteadyTime now);
    void restart(SteadyTime now);
    Step perform_duties(SteadyTime now);
    Step perform_duties(ProfileConnector& each, SteadyTime now);
    Step perform(Duty& duty, SteadyTime now);
    Step perform_limit(ProfileConnector& each, SteadyTime now);
    bool start_next_sequence(SteadyTime now);
    void tell_failed_sequence();
    [[nodiscard]] bool sequence_runs() const;
    [[nodiscard]] bool waits_for_values() const;
    bool begin_cycle(SteadyTime now);
    Step read_next(ReadList::Scope scope, SteadyTime from, const Cause& cause, SteadyTime now);
    Next end_cycle(SteadyTime now);
    [[nodiscard]] SequenceMoments moments(SteadyTime now) const;
    [[nodiscard]] Reading look(const ProfileConnector& each, SteadyTime now) const;
    Result<Next> tell_news(Result<Next> step, SteadyTime now);
    void recover(SteadyTime now);
    void take_readings(SteadyTime now);
    [[nodiscard]] milliseconds cycle_time() const;
    [[nodiscard]] SteadyTime duty_time(SteadyTime now) const;
    [[nodiscard]] SteadyTime wake_time(SteadyTime now) const;

    // One exchange: profile_exchange.cpp
    Step hold_back(const Span& span, bool is_write, SteadyTime now);
    Result<Next> read(const Span& span, const Cause& cause, SteadyTime now);
    Result<Next> write(Duty& duty, const WriteJob& job, SteadyTime now);
    [[nodiscard]] std::optional<Error> forbidden(const WriteJob& job, const Span& span);
    Next answered(int unit, SteadyTime now);
    Result<Next> failed(const Span& span, const Error& error, SteadyTime now);
    void take(const std::vector<ReadList::Missing>& missing, const Error& error);

    const config::SharedProfile shared_;
    const config::Profile& profile_ = *shared_;
    const Placement placement_;
    Log log_;
    PacedRegisters line_;
    WriteFunctions functions_;
    std::vector<std::unique_ptr<ProfileConnector>> connectors_;
    RegisterValues& values_;  ///< of connector 1, and with it of the charger as a whole
    ReadList reads_;
    WatchdogTokens watchdog_;
    SequenceRunner sequence_;                 ///< of the charger as a whole: init, recovery, reboot
    std::deque<std::string> next_sequences_;  ///< to be run without a command
    std::string sequence_under_way_;          ///< such a one

    bool present_ = false;  ///< it answers
    bool bringing_up_ = false;
    SteadyTime bring_up_from_{};
    std::map<int, int> failures_;        ///< of each unit: exchanges in a row, after their retries
    std::map<int, std::string> silent_;  ///< units that do not answer while the charger does, and why
    int unanswered_writes_ = 0;          ///< in a row, whatever was read between them
    std::set<std::string> told_forbidden_;

    std::optional<Round> cycle_;
    SteadyTime next_cycle_{};
    SteadyTime next_recovery_{};

    std::string reboot_under_way_;  ///< by command
    std::optional<Round> refresh_;
};

}  // namespace busbar::adapters

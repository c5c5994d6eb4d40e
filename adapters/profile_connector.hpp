// SPDX-License-Identifier: Apache-2.0
// One socket of a charger: its view of the registers, its duties, its last reading.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "adapters/limit_writer.hpp"
#include "adapters/register_values.hpp"
#include "adapters/required_state.hpp"
#include "adapters/sequence_runner.hpp"
#include "config/shared_profile.hpp"
#include "gateway/base/log.hpp"
#include "gateway/base/reading.hpp"

namespace busbar::adapters {

/// Where a device of a profile is and how it is to be driven.
struct Placement {
    int unit = 1;
    std::map<std::string, int> units;  ///< further unit ids that the profile names
    milliseconds poll_interval{1000};
    Installation installation;
    int connectors = 1;  ///< sockets in use, at most as many as the profile has
};

class ProfileConnector {
  public:
    /// Connector `n` of a charger with this profile. `first` is connector 1, whose words it shares; nullptr
    /// for that one itself.
    ProfileConnector(const config::SharedProfile& charger, int n, const Placement& placement,
                     const ProfileConnector* first, const Log& log);

    const config::SharedProfile shared;
    const config::Profile& profile = *shared;  ///< as this connector sees it
    RegisterValues values;
    SequenceRunner sequence;  ///< its own: wake_up, unlock, the phases'
    RequiredState required;
    const std::unique_ptr<LimitWriter> limit;  ///< a meter has none
    const int unit;                            ///< where its registers are that name no unit
    std::optional<Reading> reading;

    // A command under way.
    std::optional<Amperes> wanted;
    std::string sequence_wanted;
    struct PhaseChange {
        int phases;
        SteadyTime began;
        std::optional<SteadyTime> paused_at{};
        bool drained = false;  ///< no current flows
        std::optional<SteadyTime> switched_at{};
    };
    std::optional<PhaseChange> phase_change;
    std::optional<int> phases;  ///< it was switched to, and nothing since has put that in doubt

    /// The charger, or this connector's unit, was away: nothing written before counts.
    void restart();
    /// It may have been away for a moment: what was written and cannot be read back is written again.
    void doubt();

    /// What was read, judged. `charger`: when the sequences of the charger as a whole wrote last.
    [[nodiscard]] Reading look(SequenceMoments charger, SteadyTime now) const;

    /// Its sequences for one and three phases have something to switch on this unit.
    [[nodiscard]] bool can_switch_phases() const;
    /// Nothing may flow while phases are switched.
    void begin_phase_change(int number, const Cause& cause, SteadyTime now);
    /// Until a reading from after the pause shows that it does not.
    [[nodiscard]] bool current_flows() const;
    void end_phase_change(bool succeeded);

    /// A write of the limit that takes current away: it may come between the steps of a sequence.
    [[nodiscard]] bool lowers(const WriteJob& job) const;

  private:
    [[nodiscard]] bool switches_something(const std::string& name) const;
};

}  // namespace busbar::adapters

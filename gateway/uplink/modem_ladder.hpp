// SPDX-License-Identifier: Apache-2.0
// Brings a modem back that carries nothing although it could: harder from step to step, then rarer from round
// to round. Pure: it is told the time.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "gateway/base/time.hpp"

namespace busbar::gateway {

enum class ModemStep : std::uint8_t {
    reconnect,    ///< end the data bearer: its owner makes a new one
    toggle,       ///< disable and enable
    reset,        ///< restart the modem by its own command
    power_cycle,  ///< by the hook, where there is one
};
constexpr std::size_t modem_steps = 4;

/// For the log: "a new connection".
std::string_view to_string(ModemStep step);

/// What is known of the GSM uplink when the ladder is asked.
struct ModemEvidence {
    bool failing = false;           ///< three probes failed, or it has no address
    bool needed = false;            ///< the active or only uplink
    bool probe_failed = false;      ///< it failed on the way, not for want of an address
    bool neutral_answers = false;   ///< others can be reached through it: the central system is down
    bool lacks_coverage = false;    ///< it searches, is denied, hears nothing: no restart cures that
    bool waits_for_person = false;  ///< SIM missing or locked
    bool present = true;            ///< false: ModemManager has no such modem; only its power can help
};

/// The next round begins so long after the last step of one; doubles from round to round.
constexpr seconds ladder_pause_first{600};
constexpr seconds ladder_pause_most{6 * 3600};

class ModemLadder {
  public:
    explicit ModemLadder(bool has_power_hook) : has_power_hook_(has_power_hook) {}

    /// The step to take now, counted as taken: the first after failed probes, or after 3 min without an
    /// address; the others 3, 5 and 10 min after the one before. While nothing is wrong, or nothing can be
    /// cured, the ladder stands still; after 10 min of health it begins anew at its foot.
    std::optional<ModemStep> review(const ModemEvidence& evidence, SteadyTime now);

    /// Since it was made, by step.
    [[nodiscard]] const std::array<unsigned, modem_steps>& taken() const { return taken_; }

  private:
    std::optional<ModemStep> climb(bool present, SteadyTime now);
    void next_round(SteadyTime now);

    bool has_power_hook_;
    std::size_t next_ = 0;  ///< index of the step
    std::optional<SteadyTime> not_before_;
    std::optional<SteadyTime> failing_since_;
    std::optional<SteadyTime> well_since_;
    seconds pause_ = ladder_pause_first;
    std::array<unsigned, modem_steps> taken_{};
};

}  // namespace busbar::gateway

// SPDX-License-Identifier: Apache-2.0
// A box that only listens (protocol frames): its limit is told again and again, and nothing is ever heard.
#pragma once

#include <optional>

#include "adapters/charger.hpp"
#include "adapters/frame_line.hpp"
#include "adapters/profile_charger.hpp"
#include "config/profile.hpp"
#include "gateway/base/log.hpp"

namespace busbar::adapters {

/// What is known of such a box is what it was told. Its reading says no more:
/// - paused: B1, a car may be there and is offered nothing;
/// - offering, without a meter of its own: B2, offered, and no claim that anything flows: SuspendedEV, never
///   Charging;
/// - offering, with a meter beside it: C2, for the meter then tells whether it charges or not.
/// Before the first limit nothing is sent, and there is no reading. There is always "a car": its coming and
/// going cannot be seen, so that the central system (or mode free) decides about the session. The box is lost
/// when the line is; that it hears us cannot be known.
class FrameCharger final : public Charger {
  public:
    /// The profile has `frames` and a limit. `line` outlives this.
    FrameCharger(config::Profile profile, Placement placement, bool has_meter, FrameLine& line, Log log);

    [[nodiscard]] Capabilities capabilities() const override;
    [[nodiscard]] DeviceIdentity identity() const override { return {}; }
    Result<Next> poll(SteadyTime now) override;
    Result<Next> execute(const Command& command, const Cause& cause, SteadyTime now) override;
    [[nodiscard]] std::vector<Reading> snapshot() const override;

  private:
    Result<Next> set_limit(Amperes limit, const Cause& cause, SteadyTime now);
    Result<Next> tell_now(const Cause& cause, SteadyTime now);
    /// Sends the wanted limit; when to come back, or what went wrong.
    Result<Next> tell(const Cause& cause, SteadyTime now);

    const config::Profile profile_;
    const Placement placement_;
    bool has_meter_;
    FrameLine& line_;
    Log log_;
    std::optional<Amperes> wanted_;  ///< feasible; 0 pauses; empty before the first command
    SteadyTime repeat_at_{};
    std::optional<Amperes> told_;  ///< what the box heard last, if it hears
    std::optional<Reading> reading_;
};

}  // namespace busbar::adapters

// SPDX-License-Identifier: Apache-2.0
// Which RAPI command brings an OpenEVSE controller closer to the wanted limit. Pure.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/limit_targets.hpp"
#include "adapters/openevse_rapi.hpp"
#include "adapters/openevse_state.hpp"
#include "gateway/base/result.hpp"

namespace busbar::adapters {

/// To pause, sleep (FS: the car ends its draw before the relay opens). To offer, first the current, then
/// awake (SC n V, FE), so that nothing between offers more than before and after. SC is always volatile. At
/// most four commands in 30 s bring back what the controller lost; a new limit never waits.
class OpenEvseLimit {
  public:
    /// `facts` outlives this, and learns what the commands changed.
    OpenEvseLimit(OpenEvseFacts& facts, Amperes installation_max)
        : facts_(facts), installation_max_(installation_max) {}

    void set_bounds(const LimitBounds& bounds) { bounds_ = bounds; }
    [[nodiscard]] const LimitBounds& bounds() const { return bounds_; }

    /// A new command: wanted from now on.
    void want(Amperes limit);
    [[nodiscard]] bool wanted() const { return wanted_.has_value(); }
    /// Something is to be offered.
    [[nodiscard]] bool offers() const { return wanted_ && target() > Amperes(0); }

    /// Sleeps until then, although current is wanted: the way to wake a car.
    void nap(SteadyTime until) {
        nap_until_ = until;
        fresh_ = true;
    }
    [[nodiscard]] bool napping(SteadyTime now) const { return now < nap_until_; }

    /// What has to be sent now; empty: nothing.
    std::optional<std::string> next(SteadyTime now);
    /// The controller answered what next() gave.
    void answered(const rapi::Message& reply, SteadyTime now);
    /// The controller's no to what was wanted last; asking takes it away.
    std::optional<Error> take_refusal();
    /// The controller came back or was started anew: nothing sent before counts.
    void restart();

  private:
    [[nodiscard]] Amperes target() const;
    [[nodiscard]] bool settling(std::string_view command, SteadyTime now) const;
    [[nodiscard]] std::optional<std::string> missing(SteadyTime now) const;
    void capacity_answered(const rapi::Message& reply, SteadyTime now);
    void refused(SteadyTime now);

    /// The controller takes less, or will not go below more, than it was asked for.
    struct Clamped {
        Amperes asked;
        Amperes granted;
        SteadyTime until;  ///< then it is asked again: an over-temperature passes
    };

    OpenEvseFacts& facts_;
    Amperes installation_max_;
    LimitBounds bounds_{Amperes(6), Amperes(32), Amperes(1)};
    std::optional<Amperes> wanted_;
    bool fresh_ = false;  ///< not yet in force since it was wanted, or since a nap
    SteadyTime nap_until_{};
    std::optional<Clamped> clamped_;
    std::string last_;
    std::string switched_;  ///< FS or FE, whichever was last
    SteadyTime switched_at_{};
    std::deque<SteadyTime> sent_;  ///< of the last 30 s
    std::optional<Error> refusal_;
    SteadyTime not_before_{};  ///< after a refusal
};

}  // namespace busbar::adapters

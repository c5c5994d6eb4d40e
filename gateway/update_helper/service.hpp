// SPDX-License-Identifier: Apache-2.0
// The daemon as systemd has it: stopped and held, started, and watched until it is well.
#pragma once

#include <optional>
#include <string>

#include "gateway/base/time.hpp"
#include "gateway/update/hand_over.hpp"
#include "gateway/update/places.hpp"
#include "gateway/update/refusal.hpp"

namespace busbar::update {

inline constexpr const char* service_unit = "busbar.service";

/// How long a release may take.
struct Patience {
    seconds well{300};   ///< until all is as it was before
    seconds steady{10};  ///< for so long it must have stayed up
    seconds lock{300};   ///< until nobody else installs packages
};

class Service {
  public:
    Service(Places places, Patience patience) : places_(std::move(places)), patience_(patience) {}

    /// Stops it, and keeps whoever would start it from doing so, over a restart of the machine too: its unit
    /// has the condition that the hold is not there. Refusal: not_stopped.
    [[nodiscard]] Judged<void> stop_and_hold() const;

    /// Takes the hold away and starts it. Refusal: not_started.
    [[nodiscard]] Judged<void> start() const;

    /// After start(): it stays up and repeats `watch` in its health word; where `must_be_well`, it also says
    /// that all is as it was. Refusal: restarted, not_well, with what is missing.
    [[nodiscard]] Judged<void> watch(const std::string& watch, bool must_be_well) const;

    [[nodiscard]] bool is_held() const;

  private:
    [[nodiscard]] std::string hold() const { return places_.work() + "/hold"; }
    [[nodiscard]] bool systemctl(const char* verb, seconds patience) const;
    /// Which run of it is active, "" while none is; empty where systemd does not answer, as while it is
    /// itself renewed.
    [[nodiscard]] std::optional<std::string> run_of() const;
    [[nodiscard]] HealthWord word() const;

    Places places_;
    Patience patience_;
};

}  // namespace busbar::update

// SPDX-License-Identifier: Apache-2.0
// When the gateway's process dies: before a certain one of its effects on the outside. What runs on until the
// loop notices is a ghost, and none of its effects take place.
#pragma once

#include <cstdint>
#include <optional>

namespace busbar::simulation {

enum class Death { kill, power_cut };

class Mortality {
  public:
    /// A new process: no death is planned.
    void revive() {
        dead_.reset();
        planned_.reset();
    }

    /// Dies before the effect after so many more.
    void plan(Death death, std::int64_t effects) { planned_ = Plan{death, effects}; }
    void plan_nothing() { planned_.reset(); }
    void die(Death death) { dead_ = death; }

    /// An effect is about to take place; false: it does not, the process is dead.
    bool step() {
        if (!dead_ && planned_ && planned_->effects-- <= 0) dead_ = planned_->death;
        return !dead_;
    }
    [[nodiscard]] const std::optional<Death>& death() const { return dead_; }
    [[nodiscard]] bool alive() const { return !dead_; }

  private:
    struct Plan {
        Death death;
        std::int64_t effects;
    };
    std::optional<Plan> planned_;
    std::optional<Death> dead_ = Death::kill;  ///< before the first process there is none
};

}  // namespace busbar::simulation

// SPDX-License-Identifier: Apache-2.0
// A box of the table, driven by the shipped profile the way a bus drives it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "adapters/profile_charger.hpp"
#include "box.hpp"

namespace busbar::adapters::models {

class Life {
  public:
    explicit Life(const Model& model);

    void run(SteadyEpoch::duration time);
    /// A command as the gateway gives it: once, and to its end. False: refused, or the box is away.
    bool limit(double amperes);
    [[nodiscard]] Reading reading() const;
    /// The most that was offered within `time`.
    double most_offered_in(SteadyEpoch::duration time);
    [[nodiscard]] std::string complaints() const;

    SteadyTime now{1000s};
    const Model& model;
    Box box;
    std::vector<std::string> warnings;
    std::unique_ptr<ProfileCharger> charger;
};

}  // namespace busbar::adapters::models

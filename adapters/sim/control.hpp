// SPDX-License-Identifier: Apache-2.0
// The control language: one line in (`plug 1`), one line out (`ok`, `ok JSON`, `error WHY`).
#pragma once

#include <string>

#include "adapters/sim/line.hpp"

namespace busbar::sim {

class Control {
  public:
    explicit Control(Line& line) : line_(line) {}

    /// Carries out one line; the answer has no line end.
    std::string answer(std::string_view request, SteadyTime now);

    [[nodiscard]] bool quit() const { return quit_; }

  private:
    friend struct ControlVerbs;

    Line& line_;
    bool quit_ = false;
};

}  // namespace busbar::sim

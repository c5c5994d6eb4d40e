// SPDX-License-Identifier: Apache-2.0
// What the presses of a button, or the movements of a switch, mean. Pure: told levels and the time.
#pragma once

#include <optional>

#include "gateway/base/time.hpp"

namespace busbar::gateway {

/// A contact that bounces: its state is another once it has stayed so for the given time.
class Debounce {
  public:
    explicit Debounce(milliseconds time) : time_(time) {}

    /// True: the state is another than before.
    bool on_level(bool active, SteadyTime now);
    [[nodiscard]] bool active() const { return active_; }

  private:
    milliseconds time_;
    bool active_ = false;
    std::optional<SteadyTime> other_since_;  ///< the contact says otherwise
};

enum class Press {
    none,
    brief,  ///< let go within 2 s
    held    ///< for 10 s; said once, while it is still held
};

class PressDecoder {
  public:
    static constexpr milliseconds longest_brief{2'000};
    static constexpr milliseconds warning_after{3'000};
    static constexpr milliseconds held_for{10'000};

    explicit PressDecoder(milliseconds debounce) : contact_(debounce) {}

    /// Each 20 ms or so. A button that is pressed at the very start counts from its first release on: it is
    /// stuck, or somebody leans on the box.
    Press on_level(bool active, SteadyTime now);
    /// It has been held for 3 s: whoever holds it on is warned by the LED of what comes.
    [[nodiscard]] bool warns(SteadyTime now) const;

  private:
    Debounce contact_;
    bool released_once_ = false;
    std::optional<SteadyTime> pressed_at_;
    bool said_ = false;
};

}  // namespace busbar::gateway

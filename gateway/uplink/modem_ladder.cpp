// SPDX-License-Identifier: Apache-2.0
#include "gateway/uplink/modem_ladder.hpp"

#include <algorithm>

namespace busbar::gateway {
namespace {

constexpr std::array<std::string_view, modem_steps> words{"a new connection", "switching it off and on",
                                                          "a reset", "cutting its power"};

/// Between a step and the one before: what that one needs to show an effect.
constexpr std::array<seconds, modem_steps> waits{0s, 180s, 300s, 600s};

constexpr seconds health_that_counts = 600s;

/// From nothing to an address: a modem that starts, searches, registers and connects.
constexpr seconds time_to_come_up = 180s;

constexpr auto power_cycle = static_cast<std::size_t>(ModemStep::power_cycle);

bool can_be_cured(const ModemEvidence& evidence) {
    if (!evidence.failing || evidence.neutral_answers || evidence.waits_for_person) return false;
    if (evidence.present && evidence.lacks_coverage) return false;
    return evidence.needed || evidence.probe_failed;
}

}  // namespace

std::string_view to_string(ModemStep step) {
    return words.at(static_cast<std::size_t>(step));
}

std::optional<ModemStep> ModemLadder::review(const ModemEvidence& evidence, SteadyTime now) {
    if (evidence.failing) {
        well_since_.reset();
        if (!failing_since_) failing_since_ = now;
        const bool may_come_up = !evidence.probe_failed && now - *failing_since_ < time_to_come_up;
        return can_be_cured(evidence) && !may_come_up ? climb(evidence.present, now) : std::nullopt;
    }
    failing_since_.reset();
    if (!well_since_) well_since_ = now;
    if (now - *well_since_ >= health_that_counts) {
        next_ = 0;
        not_before_.reset();
        pause_ = ladder_pause_first;
    }
    return std::nullopt;
}

std::optional<ModemStep> ModemLadder::climb(bool present, SteadyTime now) {
    if (not_before_ && now < *not_before_) return std::nullopt;
    if (!present) {
        if (!has_power_hook_) return std::nullopt;
        // It may be starting, or between two of its selves after a reset: it gets the time of the step.
        if (next_ != power_cycle) {
            next_ = power_cycle;
            not_before_ = now + waits[power_cycle];
            return std::nullopt;
        }
    }
    const auto step = static_cast<ModemStep>(next_);
    ++taken_.at(next_);
    ++next_;
    if (next_ == power_cycle + (has_power_hook_ ? 1 : 0)) {
        next_round(now);
    } else {
        not_before_ = now + waits.at(next_);
    }
    return step;
}

void ModemLadder::next_round(SteadyTime now) {
    next_ = 0;
    not_before_ = now + pause_;
    pause_ = std::min(pause_ * 2, ladder_pause_most);
}

}  // namespace busbar::gateway

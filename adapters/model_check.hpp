// SPDX-License-Identifier: Apache-2.0
// Which models a device that answers can be: what to read next, and what the answers mean. Pure.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "adapters/register_values.hpp"
#include "adapters/scan_plan.hpp"

namespace busbar::adapters {

/// First the profiles with `identify`, until no condition is open; only when none of them holds, those
/// without are tried: a charger could be a model whose rules make a state of what its registers say.
class ModelCheck {
  public:
    struct Look {
        Span span;
        milliseconds gap;  ///< as the model wants it
        milliseconds reply_timeout;
    };

    /// `profiles` outlives this.
    ModelCheck(const ProfileLibrary& profiles, const ScanSetting& setting, int unit);

    /// The next read; empty: everything is known that matters.
    [[nodiscard]] std::optional<Look> next() const;
    void answered(const Span& span, const Words& words, SteadyTime at);
    void not_answered(const Span& span);  ///< an exception, or silence

    [[nodiscard]] std::vector<std::string> models() const;    ///< profile ids
    [[nodiscard]] std::vector<std::string> could_be() const;  ///< profile ids, when there are no models

  private:
    struct Candidate {
        const config::Profile* profile;
        RegisterValues values;
        std::map<std::string, std::vector<Span>> spans;  ///< that a register's value needs, by its name
    };

    void add(const config::Profile& profile, int unit);
    [[nodiscard]] std::optional<Look> next_of(const Candidate& candidate) const;
    [[nodiscard]] bool known(const Candidate& candidate, const std::string& reg) const;
    [[nodiscard]] bool identified(const Candidate& candidate) const;
    [[nodiscard]] bool ruled_out(const Candidate& candidate) const;
    [[nodiscard]] bool makes_sense(const Candidate& candidate) const;
    [[nodiscard]] bool condition_holds(const Candidate& candidate, const config::Condition& condition) const;

    std::deque<Candidate> candidates_;
    std::map<Span, bool> asked_;  ///< and whether a value came
};

}  // namespace busbar::adapters

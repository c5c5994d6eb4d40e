// SPDX-License-Identifier: Apache-2.0
// What the registers of one charger said last, by the names of its profile.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <tuple>

#include "adapters/register_codec.hpp"
#include "adapters/registers.hpp"
#include "config/profile.hpp"

namespace busbar::adapters {

/// Words by address, with the time each was read or written. Registers that share an address (bit fields)
/// share its word.
class RegisterValues {
  public:
    /// `unit` is the charger's own unit id, `units` the further ones that the profile names. `profile` must
    /// outlive this.
    RegisterValues(const config::Profile& profile, int unit, std::map<std::string, int> units);

    [[nodiscard]] Span span_of(const config::Register& reg) const;
    [[nodiscard]] const config::Register* find(const std::string& name) const;

    void store(const Span& span, const Words& words, SteadyTime at);
    void clear() { cells_.clear(); }

    /// When the oldest word of the span was read; empty while one was never.
    [[nodiscard]] std::optional<SteadyTime> age(const Span& span) const;
    [[nodiscard]] std::optional<Words> words(const Span& span) const;

    /// Empty while the register was never read, or when the profile has no such register.
    [[nodiscard]] std::optional<Value> value(const std::string& name) const;
    [[nodiscard]] std::optional<double> number(const std::string& name) const;

  private:
    struct Cell {
        std::uint16_t word;
        SteadyTime at;
    };
    using Place = std::tuple<int, config::Table, int>;

    const config::Profile& profile_;
    int unit_;
    std::map<std::string, int> units_;
    std::map<Place, Cell> cells_;
};

}  // namespace busbar::adapters

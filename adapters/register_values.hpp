// SPDX-License-Identifier: Apache-2.0
// What the registers of one charger said last, by the names of its profile.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>

#include "adapters/register_codec.hpp"
#include "adapters/registers.hpp"
#include "config/profile.hpp"

namespace busbar::adapters {

/// Words by address, with the time each was read or written. Registers that share an address (bit fields)
/// share its word, and so do the connectors of a charger: each has a view of its own over the same words.
class RegisterValues {
  public:
    /// `unit` is the charger's own unit id, `units` the further ones that the profile names, `phases` the
    /// installation's. `profile` must outlive this.
    RegisterValues(const config::Profile& profile, int unit, std::map<std::string, int> units,
                   int phases = 3);

    /// The same words by the names of another connector's `profile`.
    RegisterValues(const config::Profile& profile, const RegisterValues& same_charger);

    [[nodiscard]] Span span_of(const config::Register& reg) const;
    /// The id that the profile's `unit_name` stands for; "" is the charger's own.
    [[nodiscard]] int unit_of(const std::string& unit_name) const;
    [[nodiscard]] const config::Register* find(const std::string& name) const;
    [[nodiscard]] int phases() const { return phases_; }

    void store(const Span& span, const Words& words, SteadyTime at);
    /// As if it had never been read or written.
    void forget(const Span& span);
    /// The charger does not have what lies there.
    void mark_missing(const Span& span) { memory_->missing.insert(span); }
    /// Forgets all, of every connector.
    void clear() { *memory_ = {}; }

    /// When the oldest word of the span was read; empty while one was never.
    [[nodiscard]] std::optional<SteadyTime> age(const Span& span) const;
    [[nodiscard]] std::optional<Words> words(const Span& span) const;

    /// Empty while the register was never read, or when this charger has no such register. Without a number
    /// and a text while it does not count (`valid_when`).
    [[nodiscard]] std::optional<Value> value(const std::string& name) const;
    [[nodiscard]] std::optional<double> number(const std::string& name) const;
    /// Whether the charger has the register: true once it was read, false once it was given up.
    [[nodiscard]] std::optional<bool> exists(const std::string& name) const;
    /// The power of ten that another register says for this one; 0 without one, empty while it is not known.
    [[nodiscard]] std::optional<double> exponent_of(const config::Register& reg) const;

  private:
    struct Cell {
        std::uint16_t word;
        SteadyTime at;
    };
    using Place = std::tuple<int, config::Table, int>;
    struct Memory {
        std::map<Place, Cell> cells;
        std::set<Span> missing;
    };

    const config::Profile& profile_;
    int unit_;
    std::map<std::string, int> units_;
    int phases_;
    std::shared_ptr<Memory> memory_;
};

}  // namespace busbar::adapters

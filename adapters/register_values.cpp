// SPDX-License-Identifier: Apache-2.0
// The charger's memory as far as it is known.
#include "adapters/register_values.hpp"

#include <algorithm>
#include <utility>

#include "adapters/profile_conditions.hpp"

namespace busbar::adapters {

RegisterValues::RegisterValues(const config::Profile& profile, int unit, std::map<std::string, int> units,
                               int phases)
    : profile_(profile),
      unit_(unit),
      units_(std::move(units)),
      phases_(phases),
      memory_(std::make_shared<Memory>()) {}

RegisterValues::RegisterValues(const config::Profile& profile, const RegisterValues& same_charger)
    : profile_(profile),
      unit_(same_charger.unit_),
      units_(same_charger.units_),
      phases_(same_charger.phases_),
      memory_(same_charger.memory_) {}

int RegisterValues::unit_of(const std::string& unit_name) const {
    const auto further = units_.find(unit_name);
    return further == units_.end() ? unit_ : further->second;
}

Span RegisterValues::span_of(const config::Register& reg) const {
    return {unit_of(reg.unit_name), reg.table, reg.address, reg.count};
}

const config::Register* RegisterValues::find(const std::string& name) const {
    const auto found = profile_.registers.find(name);
    return found == profile_.registers.end() ? nullptr : &found->second;
}

void RegisterValues::store(const Span& span, const Words& words, SteadyTime at) {
    for (std::size_t i = 0; i < words.size(); ++i) {
        memory_->cells.insert_or_assign({span.unit, span.table, span.address + static_cast<int>(i)},
                                        Cell{words[i], at});
    }
}

void RegisterValues::forget(const Span& span) {
    for (int i = 0; i < span.count; ++i) memory_->cells.erase({span.unit, span.table, span.address + i});
}

std::optional<SteadyTime> RegisterValues::age(const Span& span) const {
    std::optional<SteadyTime> oldest;
    for (int i = 0; i < span.count; ++i) {
        const auto cell = memory_->cells.find({span.unit, span.table, span.address + i});
        if (cell == memory_->cells.end()) return std::nullopt;
        oldest = std::min(oldest.value_or(cell->second.at), cell->second.at);
    }
    return oldest;
}

std::optional<Words> RegisterValues::words(const Span& span) const {
    Words words;
    for (int i = 0; i < span.count; ++i) {
        const auto cell = memory_->cells.find({span.unit, span.table, span.address + i});
        if (cell == memory_->cells.end()) return std::nullopt;
        words.push_back(cell->second.word);
    }
    return words;
}

std::optional<Value> RegisterValues::value(const std::string& name) const {
    const auto* reg = find(name);
    if (reg == nullptr || !hold(reg->when, *this)) return std::nullopt;
    const auto span = span_of(*reg);
    const auto known = words(span);
    if (!known) return std::nullopt;
    auto value = decode(*reg, *known, exponent_of(*reg));
    value.taken_at = age(span).value_or(SteadyTime{});
    if (!hold(reg->valid_when, *this)) {
        value.number.reset();
        value.text.reset();
    }
    return value;
}

std::optional<double> RegisterValues::number(const std::string& name) const {
    const auto known = value(name);
    return known ? known->number : std::nullopt;
}

std::optional<bool> RegisterValues::exists(const std::string& name) const {
    const auto* reg = find(name);
    if (reg == nullptr) return std::nullopt;
    const auto span = span_of(*reg);
    if (age(span)) return true;
    if (memory_->missing.contains(span)) return false;
    return std::nullopt;
}

std::optional<double> RegisterValues::exponent_of(const config::Register& reg) const {
    return reg.exponent.empty() ? 0.0 : number(reg.exponent);
}

}  // namespace busbar::adapters

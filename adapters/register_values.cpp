// SPDX-License-Identifier: Apache-2.0
// The charger's memory as far as it is known.
#include "adapters/register_values.hpp"

#include <algorithm>
#include <utility>

namespace busbar::adapters {

RegisterValues::RegisterValues(const config::Profile& profile, int unit, std::map<std::string, int> units)
    : profile_(profile), unit_(unit), units_(std::move(units)) {}

Span RegisterValues::span_of(const config::Register& reg) const {
    const auto further = units_.find(reg.unit_name);
    return {further == units_.end() ? unit_ : further->second, reg.table, reg.address, reg.count};
}

const config::Register* RegisterValues::find(const std::string& name) const {
    const auto found = profile_.registers.find(name);
    return found == profile_.registers.end() ? nullptr : &found->second;
}

void RegisterValues::store(const Span& span, const Words& words, SteadyTime at) {
    for (std::size_t i = 0; i < words.size(); ++i) {
        cells_.insert_or_assign({span.unit, span.table, span.address + static_cast<int>(i)},
                                Cell{words[i], at});
    }
}

std::optional<SteadyTime> RegisterValues::age(const Span& span) const {
    std::optional<SteadyTime> oldest;
    for (int i = 0; i < span.count; ++i) {
        const auto cell = cells_.find({span.unit, span.table, span.address + i});
        if (cell == cells_.end()) return std::nullopt;
        oldest = std::min(oldest.value_or(cell->second.at), cell->second.at);
    }
    return oldest;
}

std::optional<Words> RegisterValues::words(const Span& span) const {
    Words words;
    for (int i = 0; i < span.count; ++i) {
        const auto cell = cells_.find({span.unit, span.table, span.address + i});
        if (cell == cells_.end()) return std::nullopt;
        words.push_back(cell->second.word);
    }
    return words;
}

std::optional<Value> RegisterValues::value(const std::string& name) const {
    const auto* reg = find(name);
    if (reg == nullptr) return std::nullopt;
    const auto span = span_of(*reg);
    const auto known = words(span);
    if (!known) return std::nullopt;
    auto value = decode(*reg, *known);
    value.taken_at = age(span).value_or(SteadyTime{});
    return value;
}

std::optional<double> RegisterValues::number(const std::string& name) const {
    const auto known = value(name);
    return known ? known->number : std::nullopt;
}

}  // namespace busbar::adapters

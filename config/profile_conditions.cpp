// SPDX-License-Identifier: Apache-2.0
// Conditions: what must stand in registers for a rule to hold or a register to exist.
#include <fmt/format.h>

#include "config/profile_sections.hpp"
#include "config/register_facts.hpp"
#include "config/text_rules.hpp"

namespace busbar::config {
namespace {

constexpr TextRule kAsText{"in quotes: the register is a text", [](std::string_view) { return true; }};

/// A number that the register can hold; a value it cannot would make a condition that never holds.
void read_comparison(const Value& value, const Register& reg, std::vector<double>& out) {
    double number = 0;
    if (read_written_number(value, &reg, number)) out.push_back(number);
}

void read_bits(const Value& value, const Register& reg, std::vector<int>& out) {
    const int bits = facts_of(reg.type).bits;
    if (value.present() && bits == 0) {
        value.problem(fmt::format("'{}' has no bits: they are for integers", reg.name));
        return;
    }
    value.one_or_each([&](const Value& item) {
        int bit = 0;
        if (item.integer(bit, {0, static_cast<double>(bits - 1)})) out.push_back(bit);
    });
}

void read_operators(Section& section, const Register& reg, Condition& out) {
    section.may("equals").one_or_each([&](const Value& item) {
        std::string text;
        if (!is_text(reg.type)) {
            read_comparison(item, reg, out.equals);
        } else if (item.text(text, kAsText)) {
            out.equals_text.push_back(text);
        }
    });
    section.may("not_equals").one_or_each([&](const Value& item) {
        read_comparison(item, reg, out.not_equals);
    });
    for (const auto& [key, bound] : {std::pair{"below", &out.below}, std::pair{"at_least", &out.at_least}}) {
        const Value value = section.may(key);
        double number = 0;
        if (!value.number_or_code(number)) continue;
        if (is_text(reg.type))
            value.problem(fmt::format("'{}' is a text: only equals is for texts", reg.name));
        *bound = number;
    }
    read_bits(section.may("bits_set"), reg, out.bits_set);
    read_bits(section.may("bits_clear"), reg, out.bits_clear);
}

void read_condition(Section& section, const Profile& profile, On on, Conditions& out) {
    constexpr std::array kOperators{"equals", "not_equals", "below", "at_least", "bits_set", "bits_clear"};
    Condition condition;
    const Value name = section.need("register");
    const Register* reg = read_register_name(name, profile, Use::read_any, condition.reg);
    bool asks = false;
    for (const auto* key : kOperators) asks |= section.has(key);
    if (!asks)
        section.problem("asks nothing: add equals, not_equals, below, at_least, bits_set or bits_clear");
    if (reg == nullptr) {
        for (const auto* key : kOperators) static_cast<void>(section.may(key));
        return;
    }
    if (on == On::once_registers && reg->poll != PollClass::once) {
        name.problem(fmt::format("'{}' must have \"poll\": \"once\": what exists is decided once, at start",
                                 reg->name));
    }
    read_operators(section, *reg, condition);
    if (asks) out.push_back(std::move(condition));
}

}  // namespace

void read_conditions(const Value& value, const Profile& profile, On on, Conditions& out) {
    value.one_or_each([&](const Value& item) {
        item.object([&](Section& section) { read_condition(section, profile, on, out); });
    });
}

}  // namespace busbar::config

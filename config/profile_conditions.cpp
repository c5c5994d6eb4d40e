// SPDX-License-Identifier: Apache-2.0
// Conditions: what must stand in registers for a rule to hold or a register to exist.
#include <fmt/format.h>

#include <algorithm>

#include "config/profile_sections.hpp"
#include "config/register_facts.hpp"
#include "config/text_rules.hpp"

namespace busbar::config {
namespace {

constexpr TextRule kAsText{"in quotes: the register is a text", [](std::string_view) { return true; }};

/// A number that the register can hold; a value it cannot would make a condition that never holds.
void read_comparison(const Value& value, const Register& reg, std::vector<double>& out) {
    double number = 0;
    if (read_compared_number(value, reg, number)) out.push_back(number);
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

/// Of the value as a person writes it: product codes have a meaning for each digit.
void read_digit(Section& section, const Register& reg, Condition& out) {
    constexpr double kMostDigits = 15;  // what a double holds
    const Value digit = section.may_if(!is_text(reg.type), "digit", "it is for numbers");
    if (digit.integer(out.digit, {1, kMostDigits}) && !section.has("equals") && !section.has("not_equals") &&
        !section.has("below") && !section.has("at_least")) {
        digit.problem("asks nothing by itself: add equals, not_equals, below or at_least");
    }
}

void read_operators(Section& section, const Register& reg, Condition& out) {
    read_digit(section, reg, out);
    const auto compare = [&](const Value& item, std::vector<double>& numbers) {
        int digit = 0;
        if (!out.digit) return read_comparison(item, reg, numbers);
        if (item.integer(digit, {0, 9})) numbers.push_back(digit);
    };
    section.may("equals").one_or_each([&](const Value& item) {
        std::string text;
        if (!is_text(reg.type)) {
            compare(item, out.equals);
        } else if (item.text(text, kAsText)) {
            out.equals_text.push_back(text);
        }
    });
    section.may("not_equals").one_or_each([&](const Value& item) { compare(item, out.not_equals); });
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

constexpr std::array kOperators{"equals",   "not_equals", "below", "at_least",
                                "bits_set", "bits_clear", "exists"};

bool asks_something(const Section& section) {
    return std::any_of(kOperators.begin(), kOperators.end(),
                       [&](const char* key) { return section.has(key); });
}

void read_exists(Section& section, const Register& reg, Condition& out) {
    const Value value = section.may("exists");
    if (!value.flag(out.exists)) return;
    if (reg.poll != PollClass::once) {
        value.problem(
            fmt::format("'{}' must have \"poll\": \"once\": only those are ever given up", reg.name));
    }
    const auto others = std::count_if(kOperators.begin(), kOperators.end(),
                                      [&](const char* key) { return section.has(key); });
    if (out.exists == false && others > 1) {
        value.problem("must stand alone when false: a register that does not exist has no value to compare");
    }
}

void read_register_condition(Section& section, const Profile& profile, On on, Conditions& out) {
    Condition condition;
    const Value name = section.need("register");
    const Register* reg = read_register_name(name, profile, Use::read_any, condition.reg);
    const bool asks = asks_something(section);
    if (!asks) {
        section.problem(
            "asks nothing: add equals, not_equals, below, at_least, bits_set, bits_clear or exists");
    }
    if (reg == nullptr) {
        for (const auto* key : kOperators) static_cast<void>(section.may(key));
        static_cast<void>(section.may("digit"));
        return;
    }
    if (on == On::once_registers && reg->poll != PollClass::once) {
        name.problem(fmt::format("'{}' must have \"poll\": \"once\": what exists is decided once, at start",
                                 reg->name));
    }
    read_operators(section, *reg, condition);
    read_exists(section, *reg, condition);
    if (asks) out.push_back(std::move(condition));
}

/// {"phases": 3}: of the installation.
void read_phases_condition(Section& section, Conditions& out) {
    constexpr std::string_view kOwn = "a condition on phases stands by itself";
    Condition condition;
    const bool sound = section.need("phases").integer(condition.phases, {1, 3});
    static_cast<void>(section.may_if(false, "register", kOwn));
    for (const auto* key : kOperators) static_cast<void>(section.may_if(false, key, kOwn));
    static_cast<void>(section.may_if(false, "digit", kOwn));
    if (sound) out.push_back(std::move(condition));
}

}  // namespace

void read_conditions(const Value& value, const Profile& profile, On on, Conditions& out) {
    value.one_or_each([&](const Value& item) {
        item.object([&](Section& section) {
            if (section.has("phases")) {
                read_phases_condition(section, out);
            } else {
                read_register_condition(section, profile, on, out);
            }
        });
    });
}

}  // namespace busbar::config

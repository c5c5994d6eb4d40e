// SPDX-License-Identifier: Apache-2.0
// Numbers, texts, bits and presence of one register, or the installation, against one condition.
#include "adapters/profile_conditions.hpp"

#include <algorithm>
#include <cmath>

namespace busbar::adapters {
namespace {

/// Scaled values carry the rounding of a multiplication.
bool equal(double a, double b) {
    return std::abs(a - b) <= 1e-9 * std::max({1.0, std::abs(a), std::abs(b)});
}

bool one_of(const std::vector<double>& list, double number) {
    return std::any_of(list.begin(), list.end(), [&](double entry) { return equal(entry, number); });
}

bool asks_number(const config::Condition& condition) {
    return !condition.equals.empty() || !condition.not_equals.empty() || condition.below ||
           condition.at_least;
}

bool asks_value(const config::Condition& condition) {
    return asks_number(condition) || !condition.equals_text.empty() || !condition.bits_set.empty() ||
           !condition.bits_clear.empty();
}

/// Of the whole number without its sign; 1 is the ones.
double digit_of(double number, int digit) {
    return std::fmod(std::floor(std::abs(number) / std::pow(10, digit - 1)), 10);
}

bool number_holds(const config::Condition& condition, std::optional<double> number) {
    if (!asks_number(condition)) return true;
    if (!number) return false;
    if (condition.digit) number = digit_of(*number, *condition.digit);
    return (condition.equals.empty() || one_of(condition.equals, *number)) &&
           !one_of(condition.not_equals, *number) && (!condition.below || *number < *condition.below) &&
           (!condition.at_least || *number >= *condition.at_least);
}

bool text_holds(const config::Condition& condition, const std::optional<std::string>& text) {
    const auto& list = condition.equals_text;
    return list.empty() || (text && std::find(list.begin(), list.end(), *text) != list.end());
}

bool bits_hold(const config::Condition& condition, std::uint64_t integer) {
    const auto set = [&](int bit) { return (integer >> bit & 1U) != 0; };
    return std::all_of(condition.bits_set.begin(), condition.bits_set.end(), set) &&
           std::none_of(condition.bits_clear.begin(), condition.bits_clear.end(), set);
}

bool value_holds(const config::Condition& condition, const RegisterValues& values) {
    const auto value = values.value(condition.reg);
    return value && (value->number || value->text) && number_holds(condition, value->number) &&
           text_holds(condition, value->text) && bits_hold(condition, value->integer);
}

}  // namespace

bool holds(const config::Condition& condition, const RegisterValues& values) {
    if (condition.phases && *condition.phases != values.phases()) return false;
    if (condition.exists && values.exists(condition.reg) != condition.exists) return false;
    return !asks_value(condition) || value_holds(condition, values);
}

bool hold(const config::Conditions& conditions, const RegisterValues& values) {
    return std::all_of(conditions.begin(), conditions.end(),
                       [&](const config::Condition& condition) { return holds(condition, values); });
}

}  // namespace busbar::adapters

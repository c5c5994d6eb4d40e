// SPDX-License-Identifier: Apache-2.0
// registers: the vendor's table, one named value an entry.
#include <fmt/format.h>

#include "config/nearest.hpp"
#include "config/profile_sections.hpp"
#include "config/register_facts.hpp"
#include "config/text_rules.hpp"

namespace busbar::config {
namespace {

using Links = std::vector<RegisterLinks>;

/// The exponents first: whether a number fits a register depends on them.
void read_exponents(const Links& links, const Profile& profile) {
    for (const auto& link : links) {
        if (!link.exponent.present()) continue;
        const auto* exponent =
            read_register_name(link.exponent, profile, Use::read_number, link.reg->exponent);
        if (exponent == link.reg) link.exponent.problem("must be another register");
    }
    for (const auto& link : links) {
        const auto exponent = profile.registers.find(link.reg->exponent);
        if (exponent == profile.registers.end() || exponent->second.exponent.empty()) continue;
        link.exponent.problem(fmt::format("'{}' has an exponent itself", exponent->first));
    }
}

void read_allowed(const Value& value, Register& reg) {
    std::vector<double> allowed;  // set at the end: one does not have to be among the ones before
    value.one_or_each([&](const Value& item) {
        double number = 0;
        if (read_written_number(item, &reg, number)) allowed.push_back(number);
    });
    reg.allowed = std::move(allowed);
}

/// Conditions on conditional registers would need an order of reading or judging.
void check_unconditional(const Value& place, const Conditions& conditions, const Profile& profile,
                         Conditions Register::*own) {
    for (const auto& condition : conditions) {
        if (condition.reg.empty() || (profile.registers.at(condition.reg).*own).empty()) continue;
        place.problem(
            fmt::format("'{}' has a condition itself: name a register that has none", condition.reg));
    }
}

void read_links(const Links& links, const Profile& profile) {
    read_exponents(links, profile);
    for (const auto& link : links) {
        read_allowed(link.allowed, *link.reg);
        read_conditions(link.when, profile, On::once_registers, link.reg->when);
        read_conditions(link.valid_when, profile, On::any_register, link.reg->valid_when);
    }
    for (const auto& link : links) {
        check_unconditional(link.when, link.reg->when, profile, &Register::when);
        check_unconditional(link.valid_when, link.reg->valid_when, profile, &Register::valid_when);
    }
}

std::string known_names(const Profile& profile, std::string_view wrong) {
    std::vector<std::string> names;
    for (const auto& [name, reg] : profile.registers) names.push_back(name);
    return did_you_mean(wrong, names);
}

}  // namespace

const Register* read_register_name(const Value& value, const Profile& profile, Use use, std::string& out) {
    std::string name;
    if (!value.text(name, {"the name of a register", kAnyText.accepts})) return nullptr;
    const auto found = profile.registers.find(name);
    if (found == profile.registers.end()) {
        value.problem(fmt::format("no register is called '{}'{}", name, known_names(profile, name)));
        return nullptr;
    }
    const Register& reg = found->second;
    if (use == Use::write_number && !can_write(reg)) {
        value.problem(
            fmt::format("'{}' is read only: give it \"access\": \"read_write\" or \"write\"", name));
        return nullptr;
    }
    if (use != Use::write_number && !can_read(reg)) {
        value.problem(fmt::format("'{}' is only written and has no value to read", name));
        return nullptr;
    }
    if (use == Use::read_number && is_text(reg.type)) {
        value.problem(fmt::format("'{}' is a text: a number is needed here", name));
        return nullptr;
    }
    out = name;
    return &reg;
}

bool read_compared_number(const Value& value, const Register& reg, double& out) {
    double number = 0;
    if (!value.number_or_code(number)) return false;
    if (const auto why = misfit(reg, number)) {
        value.problem(*why);
        return false;
    }
    out = number;
    return true;
}

bool read_written_number(const Value& value, const Register* reg, double& out) {
    double number = 0;
    if (!value.number_or_code(number)) return false;
    const auto why = reg == nullptr ? std::nullopt : refused_write(*reg, number);
    if (why) {
        value.problem(*why);
        return false;
    }
    out = number;
    return true;
}

void read_registers(const Value& value, Profile& profile) {
    const std::size_t problems = value.problem_count();
    Links links;
    value.members([&](const std::string& name, const Value& item) {
        if (!kName.accepts(name)) item.problem(fmt::format("the register's name must be {}", kName.must_be));
        Register& out = profile.registers[name];
        out.name = name;
        item.object([&](Section& section) { links.push_back(read_register(section, profile, out)); });
    });
    read_links(links, profile);
    // An address that could not be read would seem to clash with whatever stands at 0.
    if (value.problem_count() == problems) check_overlaps(value, profile);
}

void read_identify(const Value& value, Profile& profile) {
    read_conditions(value, profile, On::any_register, profile.identify);
    for (const auto& condition : profile.identify) {
        if (condition.reg.empty()) value.problem("must ask the device: name registers, not phases");
    }
}

}  // namespace busbar::config

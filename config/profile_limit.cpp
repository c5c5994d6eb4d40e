// SPDX-License-Identifier: Apache-2.0
// limit: how a charging current is set.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "config/profile_sections.hpp"
#include "config/register_facts.hpp"

namespace busbar::config {
namespace {

constexpr double kMostAmperes = 80;  // IEC 61851-1 duty cycle ends there
constexpr double kUsualVolts = 230;

/// Every whole step from the least to the greatest limit must fit the register; the first two and the last
/// decide.
void check_steps(const Section& section, const Limit& limit, const Register& reg, int phases) {
    if (limit.in_watts) {
        if (const auto why = misfit(reg, limit.max_a * kUsualVolts * phases, Rounding::to_step)) {
            section.problem("max_a", *why + ", and that is its power on all phases");
        }
        return;
    }
    const double first = std::ceil(limit.min_a / limit.step_a - 1e-9) * limit.step_a;
    const double last = std::floor(limit.max_a / limit.step_a + 1e-9) * limit.step_a;
    for (const double current : {first, first + limit.step_a, last}) {
        const auto why = current <= limit.max_a ? misfit(reg, current) : std::nullopt;
        if (!why) continue;
        section.problem("step_a", *why + ": correct step_a, min_a, max_a or the register's scale");
        return;
    }
}

void read_limit_registers(Section& section, Profile& profile, Limit& out) {
    bool readable = true;
    section.need("registers").one_or_each([&](const Value& item) {
        std::string name;
        const Register* reg = read_register_name(item, profile, Use::write_number, name);
        if (reg == nullptr) return;
        out.registers.push_back(name);
        readable = readable && can_read(*reg);
    });
    out.read_back = readable;
    const Value read_back = section.may("read_back");
    read_back.flag(out.read_back);
    if (out.read_back && !readable)
        read_back.problem("must be false: a register of the limit cannot be read");
}

void read_rewriting(Section& section, const Profile& profile, Limit& out) {
    section.may("stored").flag(out.stored);
    section.may("rewrite_ms").integer(out.rewrite, {0, 600'000});
    const Value seconds = section.may("rewrite_register");
    if (seconds.present()) read_register_name(seconds, profile, Use::read_number, out.rewrite_register);
    section.may("raise_interval_ms").integer(out.raise_interval, {0, 600'000});
    constexpr const char* kWearsOut = "must not stand beside stored: rewriting would wear out the memory";
    if (out.stored && out.rewrite.count() > 0) section.problem("rewrite_ms", kWearsOut);
    if (out.stored && seconds.present()) seconds.problem(kWearsOut);
    if (out.stored && !out.read_back) {
        section.problem("stored", "needs read_back: only a value that was read tells whether it differs");
    }
}

/// The bounds in amperes, which every charger has. False, and a problem, when they make no sense.
bool read_bounds(Section& section, Limit& out) {
    section.may("min_a").number(out.min_a, {0, kMostAmperes});
    const bool has_max = section.need("max_a").number(out.max_a, {0, kMostAmperes});
    const Value step = section.may("step_a");
    step.number(out.step_a, {0, kMostAmperes});
    if (out.step_a <= 0) {
        step.problem("must be above 0");
        out.step_a = 1;
    }
    if (has_max && out.max_a < out.min_a) {
        section.problem("max_a", fmt::format("must not be below min_a ({})", out.min_a));
        return false;
    }
    return has_max;
}

void read_own_bounds(Section& section, const Profile& profile, Limit& out) {
    section.may("max_register").one_or_each([&](const Value& item) {
        std::string name;
        if (read_register_name(item, profile, Use::read_number, name) != nullptr)
            out.max_registers.push_back(name);
    });
    const Value least = section.may("min_register");
    if (least.present()) read_register_name(least, profile, Use::read_number, out.min_register);
}

/// What a box holds says another register than the one that is written.
void read_echo(Section& section, const Profile& profile, Limit& out) {
    const Value echo = section.may("read_back_register");
    if (!echo.present()) return;
    read_register_name(echo, profile, Use::read_number, out.read_back_register);
    if (out.stored)
        echo.problem("must not stand beside stored: what is stored is compared where it is written");
    const auto written = std::find(out.registers.begin(), out.registers.end(), out.read_back_register);
    if (written != out.registers.end()) echo.problem("must be another register than those that are written");
}

/// "No current" as the wire has it: the same integer in each register, whatever its scale.
void read_pause_raw(const Value& value, const Profile& profile, Limit& out) {
    double raw = 0;
    if (!value.number_or_code(raw)) return;
    if (out.pause_value) value.problem("must be left out beside pause_value: they say the same");
    out.pause_raw = raw;
    for (const auto& name : out.registers) {
        const Register& reg = profile.registers.at(name);
        const bool plain =
            facts_of(reg.type).bits > 0 && reg.exponent.empty() && reg.conversion == Conversion::none;
        if (!plain) {
            value.problem(fmt::format("'{}' is no plain integer: give pause_value", name));
        } else if (const auto why = refused_write(reg, *pause_value(out, reg))) {
            value.problem(*why);
        }
    }
}

void refuse_registers(Section& section) {
    for (const auto* key :
         {"registers", "in_watts", "max_register", "min_register", "read_back", "stored", "rewrite_ms",
          "rewrite_register", "raise_interval_ms", "pause_value", "pause_raw", "read_back_register"}) {
        static_cast<void>(section.may_if(
            false, key, "it is for register maps; a driver takes only min_a, max_a and step_a"));
    }
}

/// Where the limit is written, and whether what is written there fits.
void read_written_limit(Section& section, Profile& profile, Limit& out) {
    read_limit_registers(section, profile, out);
    section.may("in_watts").flag(out.in_watts);
    const bool bounded = read_bounds(section, out);
    read_own_bounds(section, profile, out);
    read_rewriting(section, profile, out);
    read_echo(section, profile, out);
    const Value pause = section.may("pause_value");
    double pause_value = 0;
    if (pause.number_or_code(pause_value)) out.pause_value = pause_value;
    for (const auto& name : out.registers) {
        const Register& reg = profile.registers.at(name);
        if (bounded) check_steps(section, out, reg, profile.phases);
        if (!out.pause_value) continue;
        if (const auto why = refused_write(reg, *out.pause_value)) pause.problem(*why);
    }
    read_pause_raw(section.may("pause_raw"), profile, out);
}

}  // namespace

void read_limit(Section& section, Profile& profile) {
    Limit& out = profile.limit.emplace();
    if (has_register_map(profile.protocol)) {
        read_written_limit(section, profile, out);
    } else {
        read_bounds(section, out);
        refuse_registers(section);
    }
}

}  // namespace busbar::config

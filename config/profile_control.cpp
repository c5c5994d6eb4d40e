// SPDX-License-Identifier: Apache-2.0
// What is written into a charger: limit, enable, watchdog, required values and sequences.
#include <fmt/format.h>

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

void read_stored(Section& section, Limit& out) {
    section.may("stored").flag(out.stored);
    section.may("rewrite_ms").integer(out.rewrite, {0, 600'000});
    if (out.stored && out.rewrite.count() > 0) {
        section.problem("rewrite_ms", "must not stand beside stored: rewriting would wear out the memory");
    }
    if (out.stored && !out.read_back) {
        section.problem("stored", "needs read_back: only a value that was read tells whether it differs");
    }
}

constexpr std::array kSequenceNames{"wake_up", "unlock", "reboot", "recovery"};

void read_step(Section& section, const Profile& profile, Sequence& out) {
    const Value write = section.may("write");
    const Value wait = section.may("wait_ms");
    if (write.present() == wait.present()) {
        section.problem("must be {\"write\": register, \"value\": number} or {\"wait_ms\": number}");
        static_cast<void>(section.may("value"));
        return;
    }
    if (wait.present()) {
        milliseconds duration{};
        if (wait.integer(duration, {1, 600'000})) out.emplace_back(WaitStep{duration});
        static_cast<void>(section.may_if(false, "value", "it is for write"));
        return;
    }
    WriteStep step{};
    const Register* reg = read_register_name(write, profile, Use::write_number, step.reg);
    if (read_written_number(section.need("value"), reg, step.value)) out.emplace_back(step);
}

void read_required_value(Section& section, const Profile& profile, Required& out) {
    const Register* reg = read_register_name(section.need("register"), profile, Use::write_number, out.reg);
    const Value value = section.may("value");
    const Value failsafe = section.may("failsafe_current");
    failsafe.flag(out.is_failsafe_current);
    if (value.present() && out.is_failsafe_current) {
        value.problem("must be left out beside \"failsafe_current\": true");
    } else if (!value.present() && !out.is_failsafe_current) {
        value.problem("is missing: give a number, or \"failsafe_current\": true");
    }
    read_written_number(value, reg, out.value);
    if (!out.is_failsafe_current || reg == nullptr) return;
    const double most = profile.limit ? profile.limit->max_a : 6;
    for (const double current : {0.0, most}) {
        if (const auto why = misfit(*reg, current, Rounding::to_step)) {
            failsafe.problem(fmt::format("{}: the register must take amperes", *why));
        }
    }
}

}  // namespace

void read_limit(Section& section, Profile& profile) {
    Limit& out = profile.limit.emplace();
    read_limit_registers(section, profile, out);
    section.may("in_watts").flag(out.in_watts);
    section.may("min_a").number(out.min_a, {0, kMostAmperes});
    const bool has_max = section.need("max_a").number(out.max_a, {0, kMostAmperes});
    const Value step = section.may("step_a");
    step.number(out.step_a, {0, kMostAmperes});
    if (out.step_a <= 0) {
        step.problem("must be above 0");
        out.step_a = 1;
    }
    for (const auto& [key, name] :
         {std::pair{"max_register", &out.max_register}, {"min_register", &out.min_register}}) {
        const Value value = section.may(key);
        if (value.present()) read_register_name(value, profile, Use::read_number, *name);
    }
    read_stored(section, out);

    const Value pause = section.may("pause_value");
    double pause_value = 0;
    if (pause.number_or_code(pause_value)) out.pause_value = pause_value;
    if (has_max && out.max_a < out.min_a) {
        section.problem("max_a", fmt::format("must not be below min_a ({})", out.min_a));
        return;
    }
    for (const auto& name : out.registers) {
        const Register& reg = profile.registers.at(name);
        if (has_max) check_steps(section, out, reg, profile.phases);
        if (!out.pause_value) continue;
        if (const auto why = misfit(reg, *out.pause_value)) pause.problem(*why);
    }
}

void read_enable(Section& section, Profile& profile) {
    Enable& out = profile.enable.emplace();
    const Register* reg = read_register_name(section.need("register"), profile, Use::write_number, out.reg);
    read_written_number(section.need("on"), reg, out.on);
    const Value off = section.need("off");
    if (read_written_number(off, reg, out.off) && out.on == out.off) off.problem("must differ from on");
}

void read_watchdog(Section& section, Profile& profile) {
    Watchdog& out = profile.watchdog;
    section.need("period_ms").integer(out.period, {100, 600'000});
    const Value name = section.may("register");
    const Register* reg = nullptr;
    if (name.present()) reg = read_register_name(name, profile, Use::write_number, out.reg);
    constexpr std::string_view kWithRegister = "it is for a watchdog with a register to write";
    section.need_if(name.present(), "values", kWithRegister).one_or_each([&](const Value& item) {
        double value = 0;
        if (read_written_number(item, reg, value)) out.values.push_back(value);
    });
}

void read_required(const Value& value, Profile& profile) {
    value.one_or_each([&](const Value& item) {
        Required& out = profile.required.emplace_back();
        item.object([&](Section& section) {
            read_required_value(section, profile, out);
            read_conditions(section.may("when"), profile, On::once_registers, out.when);
        });
    });
}

void read_sequences(Section& section, Profile& profile) {
    for (const auto* name : kSequenceNames) {
        const Value steps = section.may(name);
        if (!steps.present()) continue;
        Sequence& out = profile.sequences[name];
        steps.one_or_each(
            [&](const Value& item) { item.object([&](Section& step) { read_step(step, profile, out); }); });
    }
}

}  // namespace busbar::config

// SPDX-License-Identifier: Apache-2.0
// enable, watchdog, required: what is written into a charger beside its limit.
#include <fmt/format.h>

#include "config/profile_sections.hpp"
#include "config/register_facts.hpp"

namespace busbar::config {
namespace {

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
    const Value pause = section.may_if(out.is_failsafe_current, "pause_value",
                                       "it is written in place of a failsafe current of 0 A");
    double pause_value = 0;
    if (pause.present() && read_written_number(pause, reg, pause_value)) out.pause_value = pause_value;
    if (!out.is_failsafe_current || reg == nullptr) return;
    const double most = profile.limit ? profile.limit->max_a : 6;
    for (const double current : {out.pause_value.value_or(0), most}) {
        if (const auto why = misfit(*reg, current, Rounding::to_step)) {
            failsafe.problem(fmt::format("{}: the register must take amperes", *why));
        }
    }
}

}  // namespace

void read_enable(Section& section, Profile& profile) {
    Enable& out = profile.enable.emplace();
    const Register* reg = read_register_name(section.need("register"), profile, Use::write_number, out.reg);
    read_written_number(section.need("on"), reg, out.on);
    const Value off = section.need("off");
    if (read_written_number(off, reg, out.off) && out.on == out.off) off.problem("must differ from on");
    const Value again = section.may("again_when");
    read_conditions(again, profile, On::any_register, out.again_when);
    section.may_if(again.present(), "again_after_ms", "it is for a switch with again_when")
        .integer(out.again_after, {1000, 600'000});
}

void read_watchdog(Section& section, Profile& profile) {
    Watchdog& out = profile.watchdog;
    section.need("period_ms").integer(out.period, {100, 600'000});
    const Value seconds = section.may("period_register");
    if (seconds.present()) read_register_name(seconds, profile, Use::read_number, out.period_register);
    section.may_if(seconds.present(), "period_fraction", "it is a part of what period_register says")
        .number(out.period_fraction, {0.1, 0.9});
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

}  // namespace busbar::config

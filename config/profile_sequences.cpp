// SPDX-License-Identifier: Apache-2.0
// sequences: named lists of writes and waits.
#include <fmt/format.h>

#include "config/profile_sections.hpp"

namespace busbar::config {
namespace {

constexpr std::array kSequenceNames{"init",     "wake_up",  "unlock",  "reboot",
                                    "recovery", "phases_1", "phases_3"};
constexpr Range kWait{1, 600'000};

void read_write_step(Section& section, const Value& write, const Profile& profile, const Conditions& when,
                     Sequence& out) {
    WriteStep step{{}, 0, when};
    const Register* reg = read_register_name(write, profile, Use::write_number, step.reg);
    if (read_written_number(section.need("value"), reg, step.value)) out.emplace_back(step);
}

void read_wait_until_step(Section& section, const Value& until, const Profile& profile,
                          const Conditions& when, Sequence& out) {
    WaitUntilStep step{{}, {}, when};
    read_conditions(until, profile, On::any_register, step.until);
    if (section.need("timeout_ms").integer(step.timeout, kWait)) out.emplace_back(std::move(step));
}

void read_step(Section& section, const Profile& profile, Sequence& out) {
    const Value write = section.may("write");
    const Value wait = section.may("wait_ms");
    const Value until = section.may("wait_until");
    if (int{write.present()} + int{wait.present()} + int{until.present()} != 1) {
        section.problem(
            "must be {\"write\": register, \"value\": number}, {\"wait_ms\": number} or {\"wait_until\": "
            "conditions, \"timeout_ms\": number}");
        for (const auto* key : {"value", "timeout_ms", "when"}) static_cast<void>(section.may(key));
        return;
    }
    if (!write.present()) static_cast<void>(section.may_if(false, "value", "it is for write"));
    if (!until.present()) static_cast<void>(section.may_if(false, "timeout_ms", "it is for wait_until"));
    Conditions when;
    read_conditions(section.may("when"), profile, On::any_register, when);
    milliseconds duration{};
    if (wait.integer(duration, kWait)) out.emplace_back(WaitStep{duration, when});
    if (write.present()) read_write_step(section, write, profile, when, out);
    if (until.present()) read_wait_until_step(section, until, profile, when, out);
}

}  // namespace

void read_sequences(Section& section, Profile& profile) {
    for (const auto* name : kSequenceNames) {
        const Value steps = section.may(name);
        if (!steps.present()) continue;
        Sequence& out = profile.sequences[name];
        steps.one_or_each(
            [&](const Value& item) { item.object([&](Section& step) { read_step(step, profile, out); }); });
    }
    for (const auto& [name, other] : {std::pair{"phases_1", "phases_3"}, {"phases_3", "phases_1"}}) {
        if (section.has(name) && !section.has(other)) {
            section.problem(other, fmt::format("is missing beside {}: there would be no way back", name));
        }
    }
}

}  // namespace busbar::config

// SPDX-License-Identifier: Apache-2.0
// Profiles made by hand: a wall box after Heidelberg's register table, and a meter.
#pragma once

#include "config/profile.hpp"

namespace busbar::adapters::test {

inline config::Register reg(const char* name, config::Table table, int address, config::PollClass poll,
                            double scale = 1.0) {
    config::Register made;
    made.name = name;
    made.table = table;
    made.address = address;
    made.poll = poll;
    made.scale = scale;
    return made;
}

inline void add(config::Profile& profile, config::Register entry) {
    auto name = entry.name;
    profile.registers.emplace(std::move(name), std::move(entry));
}

inline config::Condition is(const char* name, std::vector<double> values) {
    config::Condition condition;
    condition.reg = name;
    condition.equals = std::move(values);
    return condition;
}

inline config::StateRule rule(config::Conditions when, CpState state) {
    config::StateRule made;
    made.when = std::move(when);
    made.state = state;
    return made;
}

inline void add_box_registers(config::Profile& profile) {
    using config::Access;
    using config::PollClass;
    using config::Table;
    add(profile, reg("layout", Table::input, 4, PollClass::once));
    add(profile, reg("state", Table::input, 5, PollClass::fast));
    add(profile, reg("i1", Table::input, 6, PollClass::fast, 0.1));
    add(profile, reg("i2", Table::input, 7, PollClass::fast, 0.1));
    add(profile, reg("i3", Table::input, 8, PollClass::fast, 0.1));
    auto energy = reg("energy", Table::input, 17, PollClass::slow);
    energy.type = config::ValueType::u32;
    energy.count = 2;
    add(profile, energy);
    add(profile, reg("hw_max", Table::input, 100, PollClass::once));
    for (auto [name, address] :
         {std::pair("watchdog", 257), std::pair("standby", 258), std::pair("unlock", 259)}) {
        auto control = reg(name, Table::holding, address, PollClass::slow);
        control.access = Access::read_write;
        add(profile, control);
    }
    for (auto [name, address] : {std::pair("limit", 261), std::pair("failsafe", 262)}) {
        auto current = reg(name, Table::holding, address, PollClass::slow, 0.1);
        current.access = Access::read_write;
        add(profile, current);
    }
}

/// 6 to 16 A in steps of 0.1 A, 0 pauses; 100 ms gap; standby off and a failsafe current are required.
inline config::Profile box() {
    config::Profile profile;
    profile.id = "box";
    profile.model = "Box";
    profile.pacing.gap = 100ms;
    add_box_registers(profile);

    auto fault = rule({is("state", {10})}, CpState::F);
    fault.fault = FaultCode::InternalError;
    fault.fault_text = "F";
    fault.fault_register = "state";
    auto waking = rule({is("state", {10})}, CpState::unknown);
    waking.keep = true;
    waking.grace_after = "wake_up";
    waking.grace = 15s;
    profile.state = {rule({is("state", {2, 3})}, CpState::A),
                     rule({is("state", {4})}, CpState::B1),
                     rule({is("state", {5})}, CpState::B2),
                     rule({is("state", {6})}, CpState::C1),
                     rule({is("state", {7, 8})}, CpState::C2),
                     waking,
                     fault};
    profile.state[4].derated = false;

    profile.measurements.energy_import_wh = {{"energy"}};
    profile.measurements.current_a = {{{"i1"}, {"i2"}, {"i3"}}};
    profile.measurements.firmware = {"layout"};

    config::Limit limit;
    limit.registers = {"limit"};
    limit.step_a = 0.1;
    limit.pause_value = 0;
    limit.max_registers = {"hw_max"};
    profile.limit = limit;

    profile.required = {{"standby", 4, false, {}}, {"failsafe", 0, true, {}}};
    profile.sequences["wake_up"] = {config::WriteStep{"unlock", 0}, config::WaitStep{3s},
                                    config::WriteStep{"unlock", 1}};
    return profile;
}

/// What a box of that profile answers: no car, 16 A hardware.
template <class Fake>
void power_up(Fake& fake, int unit = 1) {
    using config::Table;
    fake.set(unit, Table::input, 4, {0x0108, 2, 0, 0, 0});
    fake.set(unit, Table::input, 17, {0x0001, 0x0002});
    fake.set(unit, Table::input, 100, {16});
    fake.set(unit, Table::holding, 257, {15000, 0, 1});
    fake.set(unit, Table::holding, 261, {160, 160});
}

/// Power and energy as floats at two places far apart.
inline config::Profile meter() {
    config::Profile profile;
    profile.id = "meter";
    profile.is_meter = true;
    profile.model = "Meter";
    auto power = reg("power", config::Table::input, 0x34, config::PollClass::fast);
    power.type = config::ValueType::f32;
    power.count = 2;
    auto energy = reg("energy", config::Table::input, 0x48, config::PollClass::fast, 1000);
    energy.type = config::ValueType::f32;
    energy.count = 2;
    add(profile, power);
    add(profile, energy);
    profile.measurements.power_w = {{"power"}};
    profile.measurements.energy_import_wh = {{"energy"}};
    return profile;
}

}  // namespace busbar::adapters::test

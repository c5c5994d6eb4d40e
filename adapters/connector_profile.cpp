// SPDX-License-Identifier: Apache-2.0
// Moves registers; leaves away what must happen once.
#include "adapters/connector_profile.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace busbar::adapters {
namespace {

using config::Profile;
using config::Register;

/// For a register of the first connector.
struct Shift {
    int addresses = 0;
    std::string unit_name;
};

Shift shift_of(const Profile& profile, const Register& reg, int n) {
    const auto& connectors = profile.connectors;
    Shift shift{(n - 1) * reg.stride.value_or(connectors.stride), reg.unit_name};
    const auto unit = connectors.units.find(n);
    const bool shared = reg.stride == 0;
    if (!shared && reg.unit_name.empty() && unit != connectors.units.end()) shift.unit_name = unit->second;
    return shift;
}

/// A block moves as the registers in it do.
void move_block(config::ReadLimits::Block& block, const Profile& profile, int n) {
    for (const auto& entry : profile.registers) {
        const auto& reg = entry.second;
        const bool inside = reg.unit_name == block.unit_name && reg.table == block.table &&
                            reg.address >= block.address && reg.address < block.address + block.count;
        if (!inside) continue;
        const auto shift = shift_of(profile, reg, n);
        block.address += shift.addresses;
        block.unit_name = shift.unit_name;
        return;
    }
}

bool is_connectors_own(std::string_view sequence) {
    static constexpr std::array<std::string_view, 4> own{"wake_up", "unlock", "phases_1", "phases_3"};
    return std::find(own.begin(), own.end(), sequence) != own.end();
}

bool same_place(const Register& a, const Register& b) {
    return a.unit_name == b.unit_name && a.table == b.table && a.address == b.address;
}

}  // namespace

Profile connector_profile(const Profile& profile, int n) {
    Profile moved = profile;
    if (n == 1) return moved;
    for (auto& entry : moved.registers) {
        const auto shift = shift_of(profile, entry.second, n);
        entry.second.address += shift.addresses;
        entry.second.unit_name = shift.unit_name;
    }
    for (auto& block : moved.read_limits.blocks) move_block(block, profile, n);
    moved.watchdog = {};
    std::erase_if(moved.sequences, [](const auto& entry) { return !is_connectors_own(entry.first); });
    std::erase_if(moved.required, [&](const config::Required& required) {
        const auto reg = moved.registers.find(required.reg);
        return reg == moved.registers.end() || same_place(reg->second, profile.registers.at(required.reg));
    });
    return moved;
}

}  // namespace busbar::adapters

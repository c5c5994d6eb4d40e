// SPDX-License-Identifier: Apache-2.0
// The parts of a charger profile, one reading function each; profile.cpp puts them together. Everything that
// names registers is read after `registers`.
#pragma once

#include "config/json_reader.hpp"
#include "config/profile.hpp"

namespace busbar::config {

/// Whether the device is described by registers; else a driver in C++ knows it.
constexpr bool has_register_map(Protocol protocol) {
    return protocol == Protocol::modbus || protocol == Protocol::abl;
}

enum class Use { read_number, read_any, write_number };

/// A register's name, which must exist and serve `use`. Null, and a problem, if it does not.
const Register* read_register_name(const Value& value, const Profile& profile, Use use, std::string& out);

/// A number to compare with `reg`, which could stand there.
bool read_compared_number(const Value& value, const Register& reg, double& out);
/// A number to be written into `reg` (null: already reported), which must fit and be allowed.
bool read_written_number(const Value& value, const Register* reg, double& out);

enum class On { any_register, once_registers };

/// A condition or a list of them. `once_registers`: each is on a register that is read once.
void read_conditions(const Value& value, const Profile& profile, On on, Conditions& out);

void read_transport(Section& section, Profile& profile);
void read_pacing(Section& section, Pacing& out);
void read_read_limits(Section& section, ReadLimits& out);
void read_connectors(Section& section, Connectors& out);
void read_units(const Value& value, Profile& profile);
void read_registers(const Value& value, Profile& profile);
void read_identify(const Value& value, Profile& profile);
void read_state(const Value& value, Profile& profile);
void read_faults(const Value& value, Profile& profile);
void read_measurements(Section& section, Profile& profile);
void read_limit(Section& section, Profile& profile);
void read_enable(Section& section, Profile& profile);
void read_watchdog(Section& section, Profile& profile);
void read_required(const Value& value, Profile& profile);
void read_sequences(Section& section, Profile& profile);
void read_frames(Section& section, Profile& profile);

/// What of a register names other registers and is read when all are known.
struct RegisterLinks {
    Register* reg;
    Value exponent;
    Value allowed;
    Value valid_when;
    Value when;
};
/// One register of the table but for its links.
RegisterLinks read_register(Section& section, const Profile& profile, Register& out);

/// Two names for the same words of a device, where they do not say why.
void check_overlaps(const Value& registers, const Profile& profile);
/// Registers and blocks against each other and against what is forbidden. Reported below `root`.
void check_read_limits(const Section& root, const Profile& profile);
/// Unit names that nothing uses, connectors that nothing tells apart. Reported below `root`.
void check_places(const Section& root, const Profile& profile);
/// Registers of the limit that something else overwrites: another connector's limit, `enable`, `required`,
/// the watchdog. Reported below `root`.
void check_limit_places(const Section& root, const Profile& profile);

}  // namespace busbar::config

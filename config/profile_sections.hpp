// SPDX-License-Identifier: Apache-2.0
// The parts of a charger profile, one reading function each; profile.cpp puts them together. Everything that
// names registers is read after `registers`.
#pragma once

#include "config/json_reader.hpp"
#include "config/profile.hpp"

namespace busbar::config {

enum class Use { read_number, read_any, write_number };

/// A register's name, which must exist and serve `use`. Null, and a problem, if it does not.
const Register* read_register_name(const Value& value, const Profile& profile, Use use, std::string& out);

/// A number to be written into `reg` (null: already reported), which must fit.
bool read_written_number(const Value& value, const Register* reg, double& out);

enum class On { any_register, once_registers };

/// A condition or a list of them.
void read_conditions(const Value& value, const Profile& profile, On on, Conditions& out);

void read_transport(Section& section, Profile& profile);
void read_pacing(Section& section, Pacing& out);
void read_registers(const Value& value, Profile& profile);
void read_state(const Value& value, Profile& profile);
void read_faults(const Value& value, Profile& profile);
void read_measurements(Section& section, Profile& profile);
void read_limit(Section& section, Profile& profile);
void read_enable(Section& section, Profile& profile);
void read_watchdog(Section& section, Profile& profile);
void read_required(const Value& value, Profile& profile);
void read_sequences(Section& section, Profile& profile);

/// Two names for the same words of a device, where they do not say why.
void check_overlaps(const Value& registers, const Profile& profile);

}  // namespace busbar::config

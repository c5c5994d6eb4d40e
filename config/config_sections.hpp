// SPDX-License-Identifier: Apache-2.0
// The sections of the configuration, one reading function each; config.cpp puts them together.
#pragma once

#include "config/hardware.hpp"
#include "config/json_reader.hpp"

namespace busbar::config {

void read_central_system(Section& section, CentralSystem& out);
void read_bus(Section& section, Bus& out);
void read_charger(Section& section, Charger& out);
void read_group(Section& section, Group& out);
void read_uplink(Section& section, Uplink& out);
void read_failover(Section& section, Failover& out);
void read_time(Section& section, TimeSync& out);
void read_web(Section& section, Web& out);
void read_charging(Section& section, Charging& out);
void read_charging_exception(Section& section, ChargingException& out);
void read_mqtt(Section& section, Mqtt& out);
void read_transfers(Section& section, Transfers& out);
/// Keys of the root: `hardware`, `support`.
void read_box(Section& root, BoxSettings& out);

/// A file that holds a secret and nothing else, without its final line end; what is wrong is a problem of
/// `value`, which is the file's name.
std::optional<std::string> read_secret_file(const Value& value);

/// A serial speed both ends can have, into an int or an optional of it.
void read_baud(const Value& value, std::optional<int>& out);

/// What no section can see alone: ids that clash, references that point nowhere, two chargers at one address.
void check_references(const Config& config, std::vector<Problem>& problems);

}  // namespace busbar::config

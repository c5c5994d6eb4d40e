// SPDX-License-Identifier: Apache-2.0
// The one directory the daemon writes to, and what Linux says of this machine's run.
#pragma once

#include <string>

#include "gateway/base/result.hpp"

namespace busbar::gateway {

struct StateDir {
    std::string path;
    [[nodiscard]] std::string database() const { return path + "/busbar.db"; }
    [[nodiscard]] std::string sessions() const { return path + "/sessions.db"; }
    [[nodiscard]] std::string checklists() const { return path + "/checklists.json"; }
    [[nodiscard]] std::string setup() const { return path + "/setup.json"; }
    [[nodiscard]] std::string profiles() const { return path + "/profiles"; }
    [[nodiscard]] std::string clock() const { return path + "/clock"; }
    [[nodiscard]] std::string uplinks() const { return path + "/uplinks.json"; }
    [[nodiscard]] std::string uplink_memory() const { return path + "/uplink_memory.json"; }
    [[nodiscard]] std::string sim_pins() const { return path + "/sim_pins"; }
    [[nodiscard]] std::string update() const { return path + "/update"; }
    [[nodiscard]] std::string transfers() const { return path + "/transfers"; }
    [[nodiscard]] std::string web() const { return path + "/web"; }
    [[nodiscard]] std::string control_socket() const { return path + "/control.sock"; }
};

/// Makes the directory (0750) where it is missing. Error: it cannot be made or written to, or another busbard
/// holds it; the lock lasts until the process ends.
Result<StateDir> open_state_dir(const std::string& path);

/// `file` is somewhere below the directory `path`, wherever links lead.
bool lies_below(const std::string& file, const std::string& path);

/// Differs after every start of the machine (/proc/sys/kernel/random/boot_id); "" where it cannot be read.
std::string machine_boot_id();

/// 16 characters of [0-9a-z] from the kernel's random numbers.
std::string random_name();

}  // namespace busbar::gateway

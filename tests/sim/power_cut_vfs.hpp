// SPDX-License-Identifier: Apache-2.0
// SQLite's way to a PowerCutDisk: a VFS without locks, clock or chance of its own.
#pragma once

#include <sqlite3.h>

#include "tests/sim/power_cut_disk.hpp"

namespace busbar::simulation {

/// Registered while it lives, as SQLite's default too: SQLite draws its random numbers (the salts of a log)
/// from the default VFS, and begins them anew here. One at a time; databases on it are closed before it goes.
class PowerCutVfs {
  public:
    static constexpr const char* name = "power-cut";

    explicit PowerCutVfs(PowerCutDisk& disk);
    ~PowerCutVfs();
    PowerCutVfs(const PowerCutVfs&) = delete;
    PowerCutVfs& operator=(const PowerCutVfs&) = delete;

  private:
    sqlite3_vfs vfs_{};
};

}  // namespace busbar::simulation

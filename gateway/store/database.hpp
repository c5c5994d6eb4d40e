// SPDX-License-Identifier: Apache-2.0
// Opens the store's SQLite file: private, durable, gentle to flash, of the newest form; or begins a new one.
#pragma once

#include <SQLiteCpp/Database.h>

#include <memory>
#include <string>

#include "gateway/base/log.hpp"
#include "gateway/base/result.hpp"

namespace busbar::gateway {

struct DatabasePlace {
    std::string file;  ///< ":memory:" for tests
    std::string vfs;   ///< a registered SQLite VFS; "": the operating system's files
};

/// A corrupt file is renamed to FILE.corrupt-<n> with its -wal and -shm, logged
/// (event=store_corrupt), and a new one begun; only the operating system's are. Error: unusable place,
/// another process's, or a newer release's.
Result<std::unique_ptr<SQLite::Database>> open_database(const DatabasePlace& place, const Log& log);

}  // namespace busbar::gateway

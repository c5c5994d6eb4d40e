// SPDX-License-Identifier: Apache-2.0
// Opens the store's SQLite file: private, durable, gentle to flash, of the newest form; or begins a new one.
#pragma once

#include <SQLiteCpp/Database.h>

#include <memory>
#include <string>

#include "gateway/base/log.hpp"
#include "gateway/base/result.hpp"

namespace busbar::gateway {

/// `file` ":memory:" for tests. A corrupt file is renamed to FILE.corrupt-<n> with its -wal and -shm, logged
/// (event=store_corrupt), and a new one begun. Error: unusable place, another process's, or a newer
/// release's.
Result<std::unique_ptr<SQLite::Database>> open_database(const std::string& file, const Log& log);

}  // namespace busbar::gateway

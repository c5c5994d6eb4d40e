// SPDX-License-Identifier: Apache-2.0
// Opens the store's SQLite file: private, durable, gentle to flash, of the newest form; or begins a new one.
#pragma once

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>

#include <memory>
#include <string>

#include "gateway/base/log.hpp"
#include "gateway/base/result.hpp"

namespace busbar::gateway {

struct DatabasePlace {
    std::string file;  ///< ":memory:" for tests
    std::string vfs;   ///< a registered SQLite VFS; "": the operating system's files
};

struct OpenedDatabase {
    std::unique_ptr<SQLite::Database> database;  ///< null: there was none yet, and the disk takes no new one
    std::string why_not;                         ///< of null
    std::string kept_as;                         ///< where a corrupt one lies now; "": there was none
};

/// A corrupt file is renamed to FILE.corrupt-<n> with its -wal and -shm, logged
/// (event=store_corrupt), and a new one begun; only the operating system's are. Error: unusable place,
/// another process's, or a newer release's.
Result<OpenedDatabase> open_database(const DatabasePlace& place, const Log& log);

/// Makes `file`, private, as `statements` (SQL) say. It is there whole or not at all, whenever the power
/// goes, and nothing of it is synced twice: a first start waits for few syncs. Throws SQLite::Exception;
/// leaves nothing then.
void begin_database(const std::string& file, const std::string& statements);

/// The error says that the file is corrupt, and it is one that can be set aside.
bool is_damage(const DatabasePlace& place, const SQLite::Exception& error);

/// The same for a database in use that turned out corrupt: it is closed as it is, set aside, and a new one
/// begun. No statement of it may be left.
Result<OpenedDatabase> replace_database(const DatabasePlace& place, std::unique_ptr<SQLite::Database> damaged,
                                        const std::string& detail, const Log& log);

}  // namespace busbar::gateway

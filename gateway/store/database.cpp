// SPDX-License-Identifier: Apache-2.0
#include "gateway/store/database.hpp"

#include <SQLiteCpp/Transaction.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

#include "gateway/store/schema.hpp"

namespace busbar::gateway {
namespace {

constexpr int most_set_aside = 9;
constexpr int busy_limit_ms = 500;  ///< at start only: a predecessor may still be on its way out

/// Pages of 1 KiB write 30 % less per commit than SQLite's 4 KiB (rows of OCPP messages, measured); 4 MiB of
/// log before a checkpoint lets pages that change often reach the file once. The exclusive lock keeps a
/// second daemon out and needs no shared-memory file.
constexpr const char* pragmas = R"sql(
PRAGMA page_size = 1024;
PRAGMA locking_mode = EXCLUSIVE;
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA wal_autocheckpoint = 4000;
PRAGMA journal_size_limit = 8388608;
PRAGMA cache_size = -512;
PRAGMA temp_store = MEMORY;
)sql";

Error io_error(const std::string& place, int error) {
    return {Errc::io, fmt::format("{}: {}", place, std::generic_category().message(error))};
}

bool is_file(const DatabasePlace& place) {
    return place.file != ":memory:" && place.vfs.empty();
}

/// SQLite would create the file readable for everybody; -wal and -shm inherit the mode.
Result<void> make_private(const std::string& file) {
    const int descriptor = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (descriptor < 0) return io_error(file, errno);
    const bool done = fchmod(descriptor, S_IRUSR | S_IWUSR) == 0;
    const int error = errno;
    close(descriptor);
    if (!done) return io_error(file, error);
    return {};
}

bool sync_file(const std::string& file) {
    const int descriptor = open(file.c_str(), O_RDWR | O_CLOEXEC);
    if (descriptor < 0) return false;
    const bool done = fsync(descriptor) == 0;
    close(descriptor);
    return done;
}

bool is_empty(const std::string& file) {
    struct stat found {};
    return stat(file.c_str(), &found) == 0 && found.st_size == 0;
}

/// FILE.corrupt-1 to -9; when all are taken, the last one gives way.
Result<std::string> set_aside(const std::string& file) {
    int n = 1;
    while (n < most_set_aside && access(fmt::format("{}.corrupt-{}", file, n).c_str(), F_OK) == 0) ++n;
    const std::string target = fmt::format("{}.corrupt-{}", file, n);
    for (const char* suffix : {"", "-wal", "-shm"}) {
        if (std::rename((file + suffix).c_str(), (target + suffix).c_str()) != 0 && errno != ENOENT) {
            return io_error(file + suffix, errno);
        }
    }
    return target;
}

bool is_known(int version) {
    return version >= 0 && static_cast<std::size_t>(version) <= migrations.size();
}

void migrate(SQLite::Database& database, int version) {
    for (auto next = static_cast<std::size_t>(version); next < migrations.size(); ++next) {
        SQLite::Transaction transaction(database);
        database.exec(migrations.at(next));
        database.exec(fmt::format("PRAGMA user_version = {}", next + 1));
        transaction.commit();
    }
}

std::string all_migrations() {
    std::string statements = "PRAGMA page_size = 1024;";
    for (const char* migration : migrations) statements += migration;
    return statements + fmt::format("PRAGMA user_version = {};", migrations.size());
}

void remove_all(const std::string& file) {
    for (const char* suffix : {"", "-wal", "-shm", "-journal"}) std::remove((file + suffix).c_str());
}

/// A process that was killed between writing and syncing leaves changes that are read back now but that a
/// power cut would still take, after others have acted on them. A full disk may refuse; then the next commit
/// does it.
void sync_what_was_found(SQLite::Database& database) {
    database.tryExec("PRAGMA wal_checkpoint");
}

/// A file that turns out to be corrupt is set aside as it was found.
void keep_log_on_close(SQLite::Database& database, bool keep) {
    sqlite3_db_config(database.getHandle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, static_cast<int>(keep),
                      nullptr);
}

bool is_corrupt(const SQLite::Exception& error) {
    return error.getErrorCode() == SQLITE_CORRUPT || error.getErrorCode() == SQLITE_NOTADB;
}

Error sqlite_error(const std::string& file, const SQLite::Exception& error) {
    if (is_corrupt(error)) return {Errc::garbled, fmt::format("{}: {}", file, error.what())};
    if (error.getErrorCode() == SQLITE_BUSY)
        return {Errc::refused, file + " is in use: another busbard runs on this state directory"};
    return {Errc::io, fmt::format("{}: {}", file, error.what())};
}

using DatabasePtr = std::unique_ptr<SQLite::Database>;

/// A database that could not be finished is none: the next try begins anew.
OpenedDatabase none_yet(const std::string& file, const SQLite::Exception& error) {
    remove_all(file);
    return {nullptr, fmt::format("{}: {}", file, error.what()), ""};
}

/// Errc::garbled: the file is corrupt.
Result<OpenedDatabase> open_once(const DatabasePlace& place) {
    const std::string& file = place.file;
    if (const auto made = is_file(place) ? make_private(file) : Result<void>{}; !made) return made.error();
    const bool begins = is_file(place) && is_empty(file);
    try {
        if (begins) begin_database(file, all_migrations());
        auto database = std::make_unique<SQLite::Database>(file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE,
                                                           busy_limit_ms, place.vfs);
        keep_log_on_close(*database, true);
        database->exec(pragmas);
        const std::string verdict = database->execAndGet("PRAGMA quick_check(1)").getString();
        if (verdict != "ok") return Error{Errc::garbled, fmt::format("{}: {}", file, verdict)};
        const int version = database->execAndGet("PRAGMA user_version").getInt();
        if (!is_known(version)) {
            return Error{Errc::unsupported,
                         file + " was written by a newer release: install that, or move the file away"};
        }
        migrate(*database, version);
        sync_what_was_found(*database);
        keep_log_on_close(*database, false);
        return OpenedDatabase{std::move(database), "", ""};
    } catch (const SQLite::Exception& error) {
        const bool no_room = error.getErrorCode() == SQLITE_FULL || error.getErrorCode() == SQLITE_IOERR;
        if (begins && no_room) return none_yet(file, error);
        return sqlite_error(file, error);
    }
}

Result<OpenedDatabase> begin_anew(const DatabasePlace& place, const std::string& detail,
                                  const std::string& consequence, const Log& log) {
    const auto kept = set_aside(place.file);
    if (!kept) return kept.error();
    log.error("store_corrupt",
              "The database was corrupt: a new one is begun " + consequence + ". Check the disk.",
              {{"file", place.file}, {"kept_as", *kept}, {"detail", detail}});
    auto opened = open_once(place);
    if (opened) opened->kept_as = *kept;
    return opened;
}

}  // namespace

void begin_database(const std::string& file, const std::string& statements) {
    const std::string fresh = file + ".new";
    remove_all(fresh);
    try {
        if (!make_private(fresh)) throw SQLite::Exception(fresh + " cannot be made", SQLITE_CANTOPEN);
        SQLite::Database database(fresh, SQLite::OPEN_READWRITE);
        database.exec("PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF;" + statements +
                      "PRAGMA journal_mode = WAL;");
    } catch (const SQLite::Exception&) {
        remove_all(fresh);
        throw;
    }
    const bool synced = sync_file(fresh);
    remove_all(file);  // a log that was left behind would be played into the new one
    // The new name is on the disk with the name of the log, which SQLite makes sure of at the first commit.
    if (!synced || std::rename(fresh.c_str(), file.c_str()) != 0) {
        remove_all(fresh);
        throw SQLite::Exception(file + " cannot be written", SQLITE_IOERR);
    }
}

Result<OpenedDatabase> open_database(const DatabasePlace& place, const Log& log) {
    auto opened = open_once(place);
    if (opened || opened.error().code != Errc::garbled || !is_file(place)) return opened;
    return begin_anew(place, opened.error().detail, "without the old transactions and settings", log);
}

bool is_damage(const DatabasePlace& place, const SQLite::Exception& error) {
    return is_file(place) && is_corrupt(error);
}

Result<OpenedDatabase> replace_database(const DatabasePlace& place, DatabasePtr damaged,
                                        const std::string& detail, const Log& log) {
    keep_log_on_close(*damaged, true);
    damaged.reset();
    return begin_anew(place, detail, "with what memory knows and what could still be read", log);
}

}  // namespace busbar::gateway

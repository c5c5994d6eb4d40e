// SPDX-License-Identifier: Apache-2.0
#include "gateway/store/session_book.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cstdio>
#include <limits>
#include <utility>

#include "gateway/store/database.hpp"

namespace busbar::gateway {
namespace {

constexpr const char* pragmas = R"sql(
PRAGMA locking_mode = EXCLUSIVE;
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA cache_size = -256;
)sql";

constexpr const char* table = R"sql(
CREATE TABLE IF NOT EXISTS session (
    charge_point TEXT    NOT NULL,
    started      INTEGER NOT NULL,
    id           TEXT    NOT NULL,
    connector    INTEGER NOT NULL,
    transaction_id INTEGER,
    ended        INTEGER,
    meter_start  INTEGER NOT NULL,
    meter_stop   INTEGER NOT NULL,
    id_tag       TEXT    NOT NULL,
    reason       TEXT    NOT NULL,
    PRIMARY KEY (charge_point, started, id)
) WITHOUT ROWID;
)sql";

constexpr const char* in_memory = ":memory:";

std::unique_ptr<SQLite::Database> open_file(const std::string& file) {
    auto database = std::make_unique<SQLite::Database>(file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    database->exec(pragmas);
    database->exec(table);
    return database;
}

std::int64_t seconds_of(const std::optional<UtcTime>& time) {
    return time ? std::chrono::floor<seconds>(time->time_since_epoch()).count() : 0;
}

std::optional<UtcTime> time_in(const SQLite::Column& column) {
    const std::int64_t count = column.getInt64();
    return count == 0 ? std::nullopt : std::optional(UtcTime(seconds(count)));
}

}  // namespace

struct SessionBook::Open {
    explicit Open(std::unique_ptr<SQLite::Database> opened) : database(std::move(opened)) {}

    std::unique_ptr<SQLite::Database> database;
    SQLite::Statement insert{*database, "INSERT OR REPLACE INTO session VALUES (?,?,?,?,?,?,?,?,?,?)"};
    SQLite::Statement prune{*database, "DELETE FROM session WHERE charge_point = ? AND started < ?"};
    SQLite::Statement find{*database,
                           "SELECT * FROM session WHERE charge_point = ? AND started >= ? AND started < ?"
                           " ORDER BY started DESC LIMIT ?"};
};

SessionBook::SessionBook(const std::string& file, Log log) : file_(file), log_(std::move(log)) {
    open();
}

bool SessionBook::open() {
    for (int attempt = 0; attempt < 2 && !open_; ++attempt) {
        try {
            if (file_ != in_memory && ::access(file_.c_str(), F_OK) != 0) begin_database(file_, table);
            open_ = std::make_unique<Open>(open_file(file_));
        } catch (const SQLite::Exception& error) {
            complain(error.what());
            set_damaged_aside(error.getErrorCode());
        }
    }
    return open_ != nullptr;
}

void SessionBook::set_damaged_aside(int error) {
    const bool is_damaged = error == SQLITE_CORRUPT || error == SQLITE_NOTADB;
    if (!is_damaged || file_ == in_memory) return;
    std::rename(file_.c_str(), (file_ + ".corrupt").c_str());
    for (const char* suffix : {"-wal", "-shm"}) std::remove((file_ + suffix).c_str());
}

SessionBook::~SessionBook() {
    keep();
}

void SessionBook::complain(const char* what) {
    if (std::exchange(complained_, true)) return;
    log_.warning("sessions_not_kept", std::string("The list of charging sessions: ") + what);
}

void SessionBook::add(const std::string& charge_point, const SessionRow& row) {
    if (waiting_.size() == most_waiting) waiting_.pop_front();
    waiting_.push_back({charge_point, row});
    keep();
}

void SessionBook::keep() {
    if (waiting_.empty() || (!open_ && !open())) return;
    while (!waiting_.empty() && write(waiting_.front())) waiting_.pop_front();
    complained_ = !waiting_.empty();
}

bool SessionBook::write(const Waiting& session) {
    const SessionRow& row = session.row;
    try {
        auto& insert = open_->insert;
        insert.reset();
        insert.bind(1, session.charge_point);
        insert.bind(2, seconds_of(row.started));
        insert.bind(3, row.id);
        insert.bind(4, row.connector);
        row.transaction_id ? insert.bind(5, *row.transaction_id) : insert.bind(5);
        insert.bind(6, seconds_of(row.ended));
        insert.bind(7, row.meter_start_wh);
        insert.bind(8, row.meter_stop_wh);
        insert.bind(9, row.id_tag);
        insert.bind(10, row.reason);
        insert.exec();
        insert.reset();
        if (!row.ended) return true;
        auto& prune = open_->prune;
        prune.bind(1, session.charge_point);
        prune.bind(2, seconds_of(*row.ended - kept_for));
        prune.exec();
        prune.reset();
        return true;
    } catch (const SQLite::Exception& error) {
        open_->insert.tryReset();
        open_->prune.tryReset();
        complain(error.what());
        return false;
    }
}

std::vector<SessionRow> SessionBook::find(const std::string& charge_point, std::optional<UtcTime> from,
                                          std::optional<UtcTime> to, std::size_t most) const {
    std::vector<SessionRow> rows;
    if (!open_) return rows;
    auto& find = open_->find;
    try {
        find.bind(1, charge_point);
        find.bind(2, seconds_of(from));
        find.bind(3, to ? seconds_of(to) : std::numeric_limits<std::int64_t>::max());
        find.bind(4, static_cast<std::int64_t>(most));
        while (find.executeStep()) {
            SessionRow row;
            row.started = time_in(find.getColumn(1));
            row.id = find.getColumn(2).getString();
            row.connector = find.getColumn(3).getInt();
            if (!find.getColumn(4).isNull()) row.transaction_id = find.getColumn(4).getInt();
            row.ended = time_in(find.getColumn(5));
            row.meter_start_wh = find.getColumn(6).getInt64();
            row.meter_stop_wh = find.getColumn(7).getInt64();
            row.id_tag = find.getColumn(8).getString();
            row.reason = find.getColumn(9).getString();
            rows.push_back(std::move(row));
        }
    } catch (const SQLite::Exception&) {
        rows.clear();  // what cannot be read is not there; adding complains
    }
    find.tryReset();
    return rows;
}

SessionRow session_row(const ocpp::TransactionEnded& ended) {
    return {ended.local_id,      ended.connector, ended.id,
            ended.started,       ended.ended,     ended.meter_start_wh,
            ended.meter_stop_wh, ended.id_tag,    std::string(ended.reason)};
}

}  // namespace busbar::gateway

// SPDX-License-Identifier: Apache-2.0
// The store on SQLite: statements prepared once, changes collected, one transaction a commit.
#include "gateway/store/store.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <fmt/format.h>

#include <map>

#include "gateway/store/database.hpp"
#include "gateway/store/pending.hpp"

namespace busbar::gateway {
namespace {

using SQLite::Statement;

/// A prepared statement in use: bound on the way in, reset on the way out, so that no read stays open.
class Use {
  public:
    template <class... Values>
    explicit Use(Statement& statement, const Values&... values) : statement_(statement) {
        int index = 0;
        (statement_.bind(++index, values), ...);
    }
    ~Use() { statement_.tryReset(); }
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;

    Statement* operator->() { return &statement_; }

  private:
    Statement& statement_;
};

/// An open database with its prepared statements.
struct Session {
    explicit Session(std::unique_ptr<SQLite::Database> opened) : database(std::move(opened)) {}

    std::unique_ptr<SQLite::Database> database;
    Statement last_seq{*database,
                       "SELECT max(ifnull((SELECT max(seq) FROM queue WHERE charge_point = ?1), 0),"
                       " ifnull((SELECT seq FROM last_seq WHERE charge_point = ?1), 0))"};
    Statement page{*database,
                   "SELECT seq, message_id, action, payload FROM queue"
                   " WHERE charge_point = ? AND seq > ? ORDER BY seq LIMIT ?"};
    Statement put{*database, "INSERT OR REPLACE INTO record VALUES (?, ?, ?, ?)"};
    Statement erase{*database, "DELETE FROM record WHERE charge_point = ? AND kind = ? AND key = ?"};
    Statement enqueue{*database, "INSERT OR IGNORE INTO queue VALUES (?, ?, ?, ?, ?)"};
    Statement dequeue{*database, "DELETE FROM queue WHERE charge_point = ? AND seq = ?"};
    bool syncs = true;  ///< as the database is set
    int unsynced = 0;   ///< commits since the last that was synced
};

/// A row that came and went again writes nothing, and a full disk would look healed.
void touch(SQLite::Database& database) {
    const int version = database.execAndGet("PRAGMA user_version").getInt();
    database.exec(fmt::format("PRAGMA user_version = {}", version));
}

class SqliteStore final : public Store {
  public:
    SqliteStore(DatabasePlace place, Log log) : place_(std::move(place)), log_(std::move(log)) {}

    Result<void> open() { return use(open_database(place_, log_)); }

    ocpp::Saved load(const std::string& charge_point) override;
    std::vector<ocpp::QueuedMessage> queue(const std::string& charge_point, std::int64_t after,
                                           std::size_t limit) override;
    std::int64_t queue_length(const std::string& charge_point) override;
    void put(const std::string& charge_point, ocpp::Record record) override;
    void erase(const std::string& charge_point, const std::string& kind, const std::string& key) override;
    void enqueue(const std::string& charge_point, ocpp::QueuedMessage message) override;
    void dequeue(const std::string& charge_point, std::int64_t seq) override;
    Result<void> commit() override;
    [[nodiscard]] bool dirty() const override { return !pending_.empty(); }
    [[nodiscard]] std::vector<std::string> warnings() const override;

  private:
    using Lengths = std::map<std::string, std::int64_t>;
    using Records = std::map<PendingChanges::RecordId, std::string>;

    /// Takes a database into use; without one the changes wait in memory for the first commit that finds
    /// room.
    Result<void> use(Result<OpenedDatabase> opened);
    Result<void> write(bool may_replace = true);
    void write_all();
    void choose_sync();
    void write_records();
    Lengths write_queue();
    void keep_in_mind(const Lengths& changes);
    std::vector<ocpp::QueuedMessage> page(const std::string& charge_point, std::int64_t after,
                                          std::size_t limit);
    template <class Read>
    auto read(Read from_database) -> decltype(from_database());
    void replace_damaged(const std::string& detail);
    void rescue_queue(const std::string& charge_point, PendingChanges& rescued);

    DatabasePlace place_;
    Log log_;
    PendingChanges pending_;
    std::unique_ptr<Session> session_;  ///< null: see use()
    Records records_;                   ///< committed; small, and what a damaged file is replaced from
    Lengths lengths_;
    std::string unsaved_;        ///< why the last commit failed
    std::string kept_as_;        ///< where the last corrupt database lies
    bool samples_lost_ = false;  ///< logged in this streak of failed commits
};

Result<void> SqliteStore::use(Result<OpenedDatabase> opened) {
    if (!opened) return opened.error();
    if (!opened->kept_as.empty()) kept_as_ = opened->kept_as;
    unsaved_ = opened->why_not;
    if (!opened->database) return {};
    try {
        auto& database = *opened->database;
        Statement record(database, "SELECT charge_point, kind, key, body FROM record");
        while (record.executeStep()) {
            records_[{record.getColumn(0), record.getColumn(1), record.getColumn(2)}] =
                record.getColumn(3).getString();
        }
        Statement count(database, "SELECT charge_point, count(*) FROM queue GROUP BY charge_point");
        while (count.executeStep()) lengths_[count.getColumn(0)] = count.getColumn(1);
    } catch (const SQLite::Exception& error) {
        return Error{Errc::io, fmt::format("{}: {}", place_.file, error.what())};
    }
    session_ = std::make_unique<Session>(std::move(opened->database));
    return {};
}

ocpp::Saved SqliteStore::load(const std::string& charge_point) {
    ocpp::Saved saved;
    const auto last_seq = read([&] {
        Use row(session_->last_seq, charge_point);
        return std::vector<std::int64_t>{row->executeStep() ? row->getColumn(0).getInt64() : 0};
    });
    if (!last_seq.empty()) saved.last_seq = last_seq.front();
    for (auto at = records_.lower_bound({charge_point, "", ""});
         at != records_.end() && at->first.charge_point == charge_point; ++at) {
        saved.records.push_back({at->first.kind, at->first.key, at->second});
    }
    return saved;
}

std::vector<ocpp::QueuedMessage> SqliteStore::queue(const std::string& charge_point, std::int64_t after,
                                                    std::size_t limit) {
    return read([&] { return page(charge_point, after, limit); });
}

std::vector<ocpp::QueuedMessage> SqliteStore::page(const std::string& charge_point, std::int64_t after,
                                                   std::size_t limit) {
    std::vector<ocpp::QueuedMessage> messages;
    Use row(session_->page, charge_point, after, static_cast<std::int64_t>(limit));
    while (row->executeStep()) {
        messages.push_back({row->getColumn(0), row->getColumn(1), row->getColumn(2), row->getColumn(3)});
    }
    return messages;
}

/// A damaged database is replaced, and what could be rescued of it is read once more.
template <class Read>
auto SqliteStore::read(Read from_database) -> decltype(from_database()) {
    for (int tries = 0; session_ && tries < 2; ++tries) {
        try {
            return from_database();
        } catch (const SQLite::Exception& error) {
            log_.error("store_read_failed", "The database cannot be read: check the disk.",
                       {{"file", place_.file}, {"detail", error.what()}});
            if (!is_damage(place_, error)) break;
            replace_damaged(error.what());
            if (!commit()) break;
        }
    }
    return {};
}

std::int64_t SqliteStore::queue_length(const std::string& charge_point) {
    const auto found = lengths_.find(charge_point);
    return found == lengths_.end() ? 0 : found->second;
}

void SqliteStore::put(const std::string& charge_point, ocpp::Record record) {
    pending_.put(charge_point, std::move(record));
}

void SqliteStore::erase(const std::string& charge_point, const std::string& kind, const std::string& key) {
    pending_.erase(charge_point, kind, key);
}

void SqliteStore::enqueue(const std::string& charge_point, ocpp::QueuedMessage message) {
    if (pending_.enqueue(charge_point, std::move(message)) || std::exchange(samples_lost_, true)) return;
    log_.error("store_samples_lost",
               "The database cannot be written and memory is full of meter values: the oldest are given up.");
}

void SqliteStore::dequeue(const std::string& charge_point, std::int64_t seq) {
    pending_.dequeue(charge_point, seq);
}

Result<void> SqliteStore::commit() {
    if (pending_.empty() && unsaved_.empty()) return {};
    auto written = write();
    unsaved_ = written ? "" : written.error().detail;
    if (!written) return written;
    pending_.clear();
    samples_lost_ = false;
    return {};
}

Result<void> SqliteStore::write(bool may_replace) {
    const auto kept = [](const std::string& why) {
        return Error{Errc::io, why + "; the changes are kept in memory and tried again: check the disk"};
    };
    if (!session_) {
        if (const auto opened = open(); !opened) return kept(opened.error().detail);
        if (!session_) return kept(unsaved_);
    }
    try {
        write_all();
        return {};
    } catch (const SQLite::Exception& error) {
        if (!may_replace || !is_damage(place_, error))
            return kept(fmt::format("{}: {}", place_.file, error.what()));
        replace_damaged(error.what());
    }
    return session_ ? write(false) : Result<void>(kept(unsaved_));
}

/// A long queue leaves message by message: with a sync each, the disk would set its pace.
void SqliteStore::choose_sync() {
    const bool sync = pending_.must_last() || !unsaved_.empty() || ++session_->unsynced >= most_unsynced;
    if (sync) session_->unsynced = 0;
    if (std::exchange(session_->syncs, sync) == sync) return;
    session_->database->exec(sync ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
}

void SqliteStore::write_all() {
    choose_sync();
    SQLite::Transaction transaction(*session_->database);
    if (!unsaved_.empty()) touch(*session_->database);
    write_records();
    const Lengths changes = write_queue();
    transaction.commit();
    keep_in_mind(changes);
}

void SqliteStore::write_records() {
    for (const auto& [id, body] : pending_.records()) {
        if (body) {
            Use(session_->put, id.charge_point, id.kind, id.key, *body)->exec();
        } else {
            Use(session_->erase, id.charge_point, id.kind, id.key)->exec();
        }
    }
}

/// By how much each queue grows.
SqliteStore::Lengths SqliteStore::write_queue() {
    Lengths changes;
    for (const auto& [charge_point, seq, entering] : pending_.queue()) {
        if (entering) {
            changes[charge_point] += Use(session_->enqueue, charge_point, seq, entering->message_id,
                                         entering->action, entering->payload)
                                         ->exec();
        } else {
            changes[charge_point] -= Use(session_->dequeue, charge_point, seq)->exec();
        }
    }
    return changes;
}

void SqliteStore::keep_in_mind(const Lengths& changes) {
    for (const auto& [charge_point, change] : changes) lengths_[charge_point] += change;
    for (const auto& [id, body] : pending_.records()) {
        if (body) {
            records_[id] = *body;
        } else {
            records_.erase(id);
        }
    }
}

/// What memory knows and what can be read of the queues waits, as if it were new, for the next commit, below
/// the changes that wait already.
void SqliteStore::replace_damaged(const std::string& detail) {
    PendingChanges rescued;
    for (const auto& [id, body] : records_) rescued.put(id.charge_point, {id.kind, id.key, body});
    for (const auto& [charge_point, length] : lengths_) rescue_queue(charge_point, rescued);
    for (const auto& [id, body] : pending_.records()) {
        if (body) {
            rescued.put(id.charge_point, {id.kind, id.key, *body});
        } else {
            rescued.erase(id.charge_point, id.kind, id.key);
        }
    }
    for (const auto& [charge_point, seq, entering] : pending_.queue()) {
        if (entering) {
            (void)rescued.enqueue(charge_point, *entering);
        } else {
            rescued.dequeue(charge_point, seq);
        }
    }
    pending_ = std::move(rescued);
    records_.clear();
    lengths_.clear();
    auto damaged = std::move(session_->database);
    session_.reset();
    if (const auto used = use(replace_database(place_, std::move(damaged), detail, log_)); !used)
        unsaved_ = used.error().detail;
}

void SqliteStore::rescue_queue(const std::string& charge_point, PendingChanges& rescued) {
    constexpr std::size_t at_once = 64;
    std::int64_t last = 0;
    try {
        for (auto some = page(charge_point, last, at_once); !some.empty();
             some = page(charge_point, last, at_once)) {
            last = some.back().seq;
            for (auto& message : some) (void)rescued.enqueue(charge_point, std::move(message));
        }
    } catch (const SQLite::Exception& error) {
        log_.error(
            "store_messages_lost", "Messages that waited could not be read from the damaged database.",
            {{"charge_point", charge_point}, {"after", std::to_string(last)}, {"detail", error.what()}});
    }
}

std::vector<std::string> SqliteStore::warnings() const {
    std::vector<std::string> texts;
    if (!kept_as_.empty()) {
        texts.push_back("The database was damaged and lies at " + kept_as_ +
                        "; a new one is in use. Check the disk.");
    }
    if (!unsaved_.empty()) texts.push_back("Nothing can be saved: " + unsaved_);
    return texts;
}

}  // namespace

Result<std::unique_ptr<Store>> Store::open(const std::string& file, Log log, const std::string& vfs) {
    auto store = std::make_unique<SqliteStore>(DatabasePlace{file, vfs}, std::move(log));
    if (const auto opened = store->open(); !opened) return opened.error();
    return store;
}

}  // namespace busbar::gateway

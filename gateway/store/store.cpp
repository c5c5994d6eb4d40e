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

class SqliteStore final : public Store {
  public:
    SqliteStore(std::unique_ptr<SQLite::Database> database, std::string file, Log log);

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

  private:
    using Lengths = std::map<std::string, std::int64_t>;

    void write_records();
    Lengths write_queue();
    void read_failed(const SQLite::Exception& error);

    std::unique_ptr<SQLite::Database> database_;
    std::string file_;
    Log log_;
    PendingChanges pending_;
    Lengths lengths_;
    bool samples_lost_ = false;  ///< logged in this streak of failed commits

    Statement records_{*database_,
                       "SELECT kind, key, body FROM record WHERE charge_point = ? ORDER BY kind, key"};
    Statement last_seq_{*database_,
                        "SELECT max(ifnull((SELECT max(seq) FROM queue WHERE charge_point = ?1), 0),"
                        " ifnull((SELECT seq FROM last_seq WHERE charge_point = ?1), 0))"};
    Statement page_{*database_,
                    "SELECT seq, message_id, action, payload FROM queue"
                    " WHERE charge_point = ? AND seq > ? ORDER BY seq LIMIT ?"};
    Statement put_{*database_, "INSERT OR REPLACE INTO record VALUES (?, ?, ?, ?)"};
    Statement erase_{*database_, "DELETE FROM record WHERE charge_point = ? AND kind = ? AND key = ?"};
    Statement enqueue_{*database_, "INSERT OR IGNORE INTO queue VALUES (?, ?, ?, ?, ?)"};
    Statement dequeue_{*database_, "DELETE FROM queue WHERE charge_point = ? AND seq = ?"};
};

SqliteStore::SqliteStore(std::unique_ptr<SQLite::Database> database, std::string file, Log log)
    : database_(std::move(database)), file_(std::move(file)), log_(std::move(log)) {
    Statement count(*database_, "SELECT charge_point, count(*) FROM queue GROUP BY charge_point");
    while (count.executeStep()) lengths_[count.getColumn(0)] = count.getColumn(1);
}

ocpp::Saved SqliteStore::load(const std::string& charge_point) {
    ocpp::Saved saved;
    try {
        Use records(records_, charge_point);
        while (records->executeStep()) {
            saved.records.push_back({records->getColumn(0), records->getColumn(1), records->getColumn(2)});
        }
        Use last_seq(last_seq_, charge_point);
        if (last_seq->executeStep()) saved.last_seq = last_seq->getColumn(0);
    } catch (const SQLite::Exception& error) {
        read_failed(error);
    }
    return saved;
}

std::vector<ocpp::QueuedMessage> SqliteStore::queue(const std::string& charge_point, std::int64_t after,
                                                    std::size_t limit) {
    std::vector<ocpp::QueuedMessage> messages;
    try {
        Use page(page_, charge_point, after, static_cast<std::int64_t>(limit));
        while (page->executeStep()) {
            messages.push_back(
                {page->getColumn(0), page->getColumn(1), page->getColumn(2), page->getColumn(3)});
        }
    } catch (const SQLite::Exception& error) {
        read_failed(error);
    }
    return messages;
}

void SqliteStore::read_failed(const SQLite::Exception& error) {
    log_.error("store_read_failed", "The database cannot be read: check the disk.",
               {{"file", file_}, {"detail", error.what()}});
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
    if (pending_.empty()) return {};
    try {
        SQLite::Transaction transaction(*database_);
        write_records();
        const Lengths changes = write_queue();
        transaction.commit();
        for (const auto& [charge_point, change] : changes) lengths_[charge_point] += change;
    } catch (const SQLite::Exception& error) {
        return Error{Errc::io,
                     fmt::format("{}: {}; the changes are kept in memory and tried again: check the disk",
                                 file_, error.what())};
    }
    pending_.clear();
    samples_lost_ = false;
    return {};
}

void SqliteStore::write_records() {
    for (const auto& [id, body] : pending_.records()) {
        if (body) {
            Use(put_, id.charge_point, id.kind, id.key, *body)->exec();
        } else {
            Use(erase_, id.charge_point, id.kind, id.key)->exec();
        }
    }
}

/// By how much each queue grows.
SqliteStore::Lengths SqliteStore::write_queue() {
    Lengths changes;
    for (const auto& [charge_point, seq, entering] : pending_.queue()) {
        if (entering) {
            changes[charge_point] +=
                Use(enqueue_, charge_point, seq, entering->message_id, entering->action, entering->payload)
                    ->exec();
        } else {
            changes[charge_point] -= Use(dequeue_, charge_point, seq)->exec();
        }
    }
    return changes;
}

}  // namespace

Result<std::unique_ptr<Store>> Store::open(const std::string& file, Log log, const std::string& vfs) {
    auto database = open_database({file, vfs}, log);
    if (!database) return database.error();
    try {
        return std::make_unique<SqliteStore>(*std::move(database), file, std::move(log));
    } catch (const SQLite::Exception& error) {
        return Error{Errc::io, fmt::format("{}: {}", file, error.what())};
    }
}

}  // namespace busbar::gateway

// SPDX-License-Identifier: Apache-2.0
// The durable memory of all charge points: one SQLite file, one commit a turn of the loop.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "gateway/base/log.hpp"
#include "gateway/base/result.hpp"
#include "ocpp/saved.hpp"

namespace busbar::gateway {

/// Loop thread only. Changes are collected by put(), erase(), enqueue() and dequeue() and become durable
/// together in commit(); after a failed commit they stay collected and the next commit tries again.
class Store {
  public:
    /// Opens or creates `file` (":memory:" for tests). A file that SQLite finds corrupt is renamed to
    /// FILE.corrupt-<n>, logged (event=store_corrupt), and a new one is begun; one that turns out corrupt
    /// while in use likewise, with all records and what can still be read of the queues. Where there is none
    /// yet and the disk takes nothing, all waits in memory until it does. Error: the place cannot be used.
    /// `vfs` names a registered SQLite VFS that holds the file instead of the operating system.
    static Result<std::unique_ptr<Store>> open(const std::string& file, Log log, const std::string& vfs = "");

    virtual ~Store() = default;

    static constexpr int most_unsynced = 200;

    [[nodiscard]] virtual ocpp::Saved load(const std::string& charge_point) = 0;

    /// Messages with seq > after, in order, at most `limit`; only what is committed.
    [[nodiscard]] virtual std::vector<ocpp::QueuedMessage> queue(const std::string& charge_point,
                                                                 std::int64_t after, std::size_t limit) = 0;
    /// Committed messages that wait.
    [[nodiscard]] virtual std::int64_t queue_length(const std::string& charge_point) = 0;

    virtual void put(const std::string& charge_point, ocpp::Record record) = 0;
    virtual void erase(const std::string& charge_point, const std::string& kind, const std::string& key) = 0;
    virtual void enqueue(const std::string& charge_point, ocpp::QueuedMessage message) = 0;
    virtual void dequeue(const std::string& charge_point, std::int64_t seq) = 0;

    /// One transaction for everything collected, on the disk when it returns (WAL, synchronous=FULL). Where
    /// nothing but messages leaves, the power may take the last `most_unsynced` such commits with it: those
    /// messages are sent once more, as when their answers had been lost.
    /// Nothing collected: success without touching the disk.
    virtual Result<void> commit() = 0;

    [[nodiscard]] virtual bool dirty() const = 0;

    /// Sentences for the person: the database was damaged, nothing can be saved.
    [[nodiscard]] virtual std::vector<std::string> warnings() const { return {}; }
};

}  // namespace busbar::gateway

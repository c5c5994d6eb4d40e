// SPDX-License-Identifier: Apache-2.0
// Charging sessions that are over, for whoever looks back: a file of its own, so that what is read for
// pleasure never stands in the way of what must not be lost.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/base/log.hpp"
#include "gateway/base/time.hpp"
#include "ocpp/effect.hpp"

namespace busbar::gateway {

struct SessionRow {
    std::string id;  ///< of the transaction, unique at its charge point
    int connector = 1;
    std::optional<int> transaction_id;
    std::optional<UtcTime> started;
    std::optional<UtcTime> ended;
    std::int64_t meter_start_wh = 0;
    std::int64_t meter_stop_wh = 0;
    std::string id_tag;
    std::string reason;
};

/// Loop thread only. Kept for twelve months. Where the file cannot be used that is logged once a streak; the
/// newest sessions then wait in memory until it can.
class SessionBook {
  public:
    static constexpr std::chrono::days kept_for{366};
    static constexpr std::size_t most_waiting = 1000;  ///< of those the oldest are given up

    /// `file` ":memory:" for tests. A damaged file is renamed to FILE.corrupt and a new one begun.
    SessionBook(const std::string& file, Log log);
    /// Tries once more to write what waits.
    ~SessionBook();
    SessionBook(const SessionBook&) = delete;
    SessionBook& operator=(const SessionBook&) = delete;

    /// On the disk when it returns, or it waits. Rows older than `kept_for` before its end go.
    void add(const std::string& charge_point, const SessionRow& row);
    /// Writes what waits, if the file can be used now.
    void keep();

    /// Of those that do not wait. Newest first, those that began from `from` on and before `to`, at most
    /// `most`. A session whose beginning is not known counts as begun in 1970.
    [[nodiscard]] std::vector<SessionRow> find(const std::string& charge_point, std::optional<UtcTime> from,
                                               std::optional<UtcTime> to, std::size_t most) const;

  private:
    struct Open;
    /// False, and logged once: the file cannot be used.
    bool open();
    void set_damaged_aside(int error);
    void complain(const char* what);
    struct Waiting {
        std::string charge_point;
        SessionRow row;
    };
    /// False: the file takes nothing.
    bool write(const Waiting& session);

    std::string file_;
    Log log_;
    std::unique_ptr<Open> open_;   ///< null: tried again with the next session
    std::deque<Waiting> waiting_;  ///< the oldest first
    bool complained_ = false;
};

SessionRow session_row(const ocpp::TransactionEnded& ended);

}  // namespace busbar::gateway

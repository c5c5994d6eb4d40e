// SPDX-License-Identifier: Apache-2.0
// Transaction-related messages in strict order until each is answered (OCPP 1.6 section 3.7). The store holds
// the queue; memory holds a window at its head and, for at most save_within, the samples at its tail.
#pragma once

#include <deque>
#include <optional>

#include "gateway/base/time.hpp"
#include "ocpp/effect.hpp"
#include "ocpp/saved.hpp"

namespace busbar::ocpp {

class TransactionQueue {
  public:
    /// A sample that nobody confirmed is on the disk at the latest after this (CONTRACT.md section 7: 10 s).
    static constexpr seconds save_within{8};
    static constexpr std::size_t window_size = 64;

    enum class Durability { at_once, soon };

    /// `last_seq` as loaded; asks for the first page when there can be one.
    TransactionQueue(std::int64_t last_seq, Effects& effects);

    /// Takes the next seq. at_once: its SaveMessage is among the effects now, with all that waited before it.
    void add(QueuedMessage message, Durability durability, SteadyTime now, Effects& effects);

    /// The message whose turn it is; null while there is none, its page is on the way, or a retry waits.
    [[nodiscard]] const QueuedMessage* head(SteadyTime now) const;

    /// The head was answered with CALLRESULT, or is given up.
    void pop(Effects& effects);

    /// The head was answered with CALLERROR for the nth time (R32: wait interval x n); returns n.
    int head_failed(SteadyTime now, seconds retry_interval);

    /// The head got no answer: repeated after `retry_interval`, for ever. Returns how often in a row.
    int head_unanswered(SteadyTime now, seconds retry_interval);

    /// A new connection: whatever waits for a retry may go at once.
    void forget_waits() { retry_at_.reset(); }

    void on_page(std::vector<QueuedMessage> page, std::size_t limit, Effects& effects);
    /// Everything that is only in memory is saved: an orderly stop.
    void flush(Effects& effects) { save_all(effects); }

    /// Saves what has waited long enough.
    void on_tick(SteadyTime now, Effects& effects);

    [[nodiscard]] std::optional<SteadyTime> save_deadline() const;
    /// When the head may be repeated; empty: it may go now.
    [[nodiscard]] std::optional<SteadyTime> retry_at() const { return retry_at_; }

    [[nodiscard]] bool empty() const { return window_.empty() && tail_.empty() && !behind_; }

    /// Highest seq given out; messages above it were created later than this moment.
    [[nodiscard]] std::int64_t last_seq() const { return last_seq_; }

  private:
    struct Entry {
        QueuedMessage message;
        std::optional<SteadyTime> save_by;  ///< empty: saved
    };

    void save_all(Effects& effects);
    void refill(Effects& effects);

    std::deque<Entry> window_;  ///< the oldest messages, without a hole
    std::deque<Entry> tail_;    ///< the newest, not saved, while the window cannot take them
    bool behind_ = false;       ///< the store may hold messages between window_ and tail_
    bool fetching_ = false;
    bool saved_meanwhile_ = false;  ///< since the page under way was asked for: it may not hold those
    std::int64_t last_seq_;
    int failures_ = 0;    ///< CALLERRORs of the head
    int unanswered_ = 0;  ///< time-outs of the head in a row
    std::optional<SteadyTime> retry_at_;
};

}  // namespace busbar::ocpp

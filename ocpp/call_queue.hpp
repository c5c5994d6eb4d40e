// SPDX-License-Identifier: Apache-2.0
// Our side of "one outstanding CALL" (OCPP-J 1.6 section 4.1.1): which CALL is next, which one waits for its
// answer.
#pragma once

#include <deque>
#include <optional>
#include <string>

#include "gateway/base/time.hpp"
#include "ocpp/transaction_queue.hpp"

namespace busbar::ocpp {

/// A CALL we make. `seq` 0: not transaction-related, forgotten when the link goes.
struct OutgoingCall {
    std::string id;
    std::string action;
    std::string payload;     ///< JSON text; tokens only in transaction-related ones
    bool triggered = false;  ///< asked for by TriggerMessage: may be sent while Pending
    ConnectorId connector = 0;
    std::int64_t seq = 0;
};

/// Which CALLs the registration allows now (R20 to R23).
enum class Allowed { nothing, boot, triggered, everything };

class CallQueue {
  public:
    /// Ordinary calls that may wait at a time; one more drops the oldest StatusNotification or Heartbeat.
    static constexpr std::size_t most_waiting = 64;

    CallQueue(std::int64_t last_seq, Effects& effects) : transactions_(last_seq, effects) {}

    void push(OutgoingCall call);
    TransactionQueue& transactions() { return transactions_; }
    [[nodiscard]] const TransactionQueue& transactions() const { return transactions_; }

    /// The call to send now, if the slot is free and one may go. It stays the queue's until sent() is called.
    /// Ordinary calls overtake the backlog of an earlier connection and a head that waits for its retry;
    /// apart from that both kinds leave in the order they were made.
    [[nodiscard]] std::optional<OutgoingCall> next(SteadyTime now, Allowed allowed) const;

    /// The call `next` gave is on its way; its answer is due by `deadline`.
    void sent(const OutgoingCall& call, SteadyTime deadline);

    /// The disk takes nothing. `open_one_held`: the transaction message sent last did not leave either and is
    /// as if never sent. None leaves until release().
    void hold(bool open_one_held);
    void release() { held_ = false; }
    [[nodiscard]] bool held() const { return held_; }

    /// The answer to `id` came: frees the slot. Empty: nobody waits for it (late, or made up).
    std::optional<OutgoingCall> answered(const std::string& id);

    /// The call whose time is up, if there is one: frees the slot.
    std::optional<OutgoingCall> expired(SteadyTime now);

    /// The link is gone: ordinary calls are dropped; gives back the one that was outstanding.
    std::optional<OutgoingCall> on_link_lost();

    /// From now on what waits in the transaction queue is backlog.
    void on_accepted() { backlog_until_ = transactions_.last_seq(); }

    /// Nothing is under way, and no ordinary call waits.
    [[nodiscard]] bool idle() const { return !outstanding_ && waiting_.empty(); }

    /// One of these waits, or for its answer.
    [[nodiscard]] bool has(std::string_view action) const;
    [[nodiscard]] const std::optional<OutgoingCall>& outstanding() const { return outstanding_; }
    [[nodiscard]] std::optional<SteadyTime> answer_deadline() const { return deadline_; }

  private:
    struct Waiting {
        OutgoingCall call;
        std::int64_t made_after;  ///< last seq of the transaction queue when it was pushed
    };

    [[nodiscard]] bool overtakes(const Waiting& waiting, std::int64_t head_seq) const;

    TransactionQueue transactions_;
    std::deque<Waiting> waiting_;
    std::optional<OutgoingCall> outstanding_;
    std::optional<SteadyTime> deadline_;
    std::int64_t backlog_until_ = 0;
    bool held_ = false;
};

}  // namespace busbar::ocpp

// SPDX-License-Identifier: Apache-2.0
// The dial queue on the loop: calls each session when its turn to dial has come.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <map>
#include <optional>

#include "gateway/dial_queue.hpp"

namespace busbar::gateway {

/// One per gateway; outlives its sessions. Loop thread only. The rules are DialQueue's.
class Dialer {
  public:
    using Caller = DialQueue::Caller;

    Dialer(boost::asio::io_context& loop, milliseconds backoff_first, milliseconds backoff_max);

    /// `turn` is called, never from within a call to the dialer, each time the caller may begin to dial.
    Caller join(std::function<void()> turn);
    void leave(Caller caller);

    void dial_now(Caller caller);
    void dial_after_failure(Caller caller);
    void dial_after_duplicate(Caller caller);
    void succeeded(Caller caller);
    void withdraw(Caller caller);

    /// The central system is known to answer again: who waits out a back-off dials now, in turn.
    void hurry();
    /// While held nobody's turn comes; dials under way go on.
    void hold(bool held);

    [[nodiscard]] std::optional<SteadyTime> due(Caller caller) const { return queue_.due(caller); }

  private:
    void arm();
    void start_due();

    DialQueue queue_;
    std::map<Caller, std::function<void()>> turns_;
    bool held_ = false;
    boost::asio::steady_timer timer_;
};

}  // namespace busbar::gateway

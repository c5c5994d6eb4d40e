// SPDX-License-Identifier: Apache-2.0
// The exchanges of one device at the pace its manual asks for.
#pragma once

#include <map>
#include <optional>

#include "adapters/registers.hpp"
#include "config/profile.hpp"

namespace busbar::adapters {

/// The device said no and will say no again: any exception but "busy", "needs more time" and a bus gateway's
/// own.
bool is_final_refusal(const ExchangeError& error);

class PacedRegisters {
  public:
    /// Both outlive this.
    PacedRegisters(Registers& registers, const config::Pacing& pacing);

    /// When an exchange over `span` may begin: the gap counts from that unit's last answer, the one after a
    /// switch of units from any other's. Where answers
    /// carry no number, a unit that was too late is left alone until its answer cannot come any more; only
    /// the same request may be repeated before. Opens the line when it is closed; errors as
    /// Registers::open().
    Result<SteadyTime> ready_at(const Span& span, bool is_write);

    Exchange<Words> read(const Span& span, const Cause& cause, SteadyTime now);
    Exchange<void> write(const Span& span, const Words& words, config::WriteFunction function,
                         const Cause& cause, SteadyTime now);

    /// Whether the exchange that just failed is to be tried again before it counts as failed. Where the first
    /// request only wakes the box, its silence costs no retry.
    bool try_again(const ExchangeError& error);

  private:
    /// A request whose answer may still come.
    struct Late {
        Span span;
        bool is_write;
        SteadyTime until;
    };

    void conclude(const Span& span, bool is_write, const std::optional<ExchangeError>& error, SteadyTime now);

    Registers& registers_;
    const config::Pacing& pacing_;
    int retries_ = 0;           ///< of the exchange under way
    bool sent_twice_ = false;   ///< its waking request went unanswered
    std::map<int, Late> late_;  ///< by unit
};

}  // namespace busbar::adapters

// SPDX-License-Identifier: Apache-2.0
// SecurityEventNotification (security whitepaper, edition 3, use case A04): what has to be told and is not
// yet.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ocpp/context.hpp"

namespace busbar::ocpp {

/// The whitepaper's word for events whose delivery is guaranteed.
bool is_critical(SecurityEventType type);

/// Told in the order they happened, one at a time, each with the time it happened, once Accepted. Critical
/// ones are on the disk before, and again after a restart. Every event is logged, told or not.
/// - Without an answer, or with a CALLERROR, one is repeated; three CALLERRORs give it up.
/// - NotImplemented and NotSupported mean that this central system wants none: all are forgotten, and none is
///   told until the next connection.
/// - What happens again within a minute, in the same words, is one event.
class SecurityEvents {
  public:
    static constexpr std::string_view record_kind = "security_event";
    static constexpr std::size_t most_waiting = 50;  ///< one more drops the oldest, not critical ones first
    static constexpr seconds once_within{60};
    static constexpr seconds retry_after{60};
    static constexpr int most_refusals = 3;

    SecurityEvents(Context& context, const std::vector<Record>& saved);

    /// Takes what was raised, and tells the next one if there is room. Call last of all in a turn.
    void settle(const Now& now);
    /// A new connection: perhaps another central system.
    void on_connected();
    void on_link_lost() { under_way_.clear(); }

    /// A call of ours was answered, refused or not answered; others than ours are left alone.
    void on_answered(const OutgoingCall& call);
    void on_refused(const OutgoingCall& call, std::string_view code, const Now& now);
    void on_unanswered(const OutgoingCall& call, const Now& now);

    [[nodiscard]] std::optional<SteadyTime> next_deadline() const { return retry_at_; }

  private:
    struct Waiting {
        std::uint64_t number;
        std::string id;       ///< message id, the same on every repetition
        std::string payload;  ///< JSON text; the time may be a token
        bool critical;
    };

    void restore(const Record& record);
    void take(const SecurityEvent& event, const Now& now);
    [[nodiscard]] bool is_repetition(const SecurityEvent& event, const Now& now);
    void make_room();
    void drop(std::size_t index);
    void drop_under_way();

    Context& context_;
    std::deque<Waiting> waiting_;
    std::map<std::pair<SecurityEventType, std::string>, SteadyTime> told_at_;
    std::uint64_t last_number_ = 0;
    std::string under_way_;  ///< message id
    bool unwanted_ = false;
    int refusals_ = 0;  ///< of the first one
    std::optional<SteadyTime> retry_at_;
};

}  // namespace busbar::ocpp

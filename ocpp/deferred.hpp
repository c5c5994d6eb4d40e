// SPDX-License-Identifier: Apache-2.0
// What a queued message cannot know yet: the transactionId that StartTransaction.conf will give, and UTC
// while the clock is not believed. Both stand in the stored payload as tokens and are filled in at the moment
// of sending, so nothing that waits is ever rewritten.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/base/time.hpp"
#include "ocpp/date_time.hpp"

namespace busbar::ocpp {

/// Token for the transactionId of the transaction whose StartTransaction has this message id.
std::string transaction_token(std::string_view start_message_id);

/// The start message id in the payload's transactionId token; "" where it has none.
std::string transaction_of(std::string_view payload);

/// ISO 8601 where UTC is known, else a token of the steady time within this run of the gateway.
std::string time_token(const Stamp& stamp, std::string_view run);

/// When that happened which the message tells of, by its first timestamp. Empty: it has none, or none that
/// relates to the present.
std::optional<SteadyTime> happened_at(std::string_view payload, std::string_view run, const Now& now);

struct Resolver {
    /// start message id -> transactionId; empty while StartTransaction waits for its answer.
    std::function<std::optional<int>(std::string_view)> transaction;
    std::string run;  ///< of this process; a time token of another run has no relation to UTC any more
    Now now;
};

/// The payload as it is sent; empty while something in it cannot be known yet. A time token of an earlier
/// run, whose relation to UTC is lost, becomes the present: late, but never 1970.
std::optional<std::string> resolve(std::string_view payload, const Resolver& resolver);

}  // namespace busbar::ocpp

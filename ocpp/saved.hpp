// SPDX-License-Identifier: Apache-2.0
// What a charge point keeps across a loss of power, in the form the store keeps it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace busbar::ocpp {

/// A small document that is replaced as a whole: a configuration key, a charging profile, a transaction.
struct Record {
    std::string kind;  ///< "configuration", "transaction", "connector", ... see charge_point_records.hpp
    std::string key;
    std::string body;  ///< text that its owner alone reads
    friend bool operator==(const Record&, const Record&) = default;
};

/// A transaction-related message that waits for its answer (OCPP 1.6 section 3.7). Strictly in order of
/// `seq`.
struct QueuedMessage {
    std::int64_t seq = 0;    ///< rises by one with each message of the charge point, never reused
    std::string message_id;  ///< the same on every repetition
    std::string action;
    std::string
        payload;  ///< JSON text; transaction ids and times not yet known stand as tokens, see deferred.hpp
    friend bool operator==(const QueuedMessage&, const QueuedMessage&) = default;
};

/// All of it, as read at start. The queue itself stays in the store and is fetched in pages.
struct Saved {
    std::vector<Record> records;
    std::int64_t last_seq = 0;  ///< highest ever used, 0: none
};

}  // namespace busbar::ocpp

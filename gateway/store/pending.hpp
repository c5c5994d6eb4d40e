// SPDX-License-Identifier: Apache-2.0
// The changes that wait for the next commit. While commits fail they stay, within bounds. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "ocpp/saved.hpp"

namespace busbar::gateway {

class PendingChanges {
  public:
    /// MeterValues beyond this many are given up, the oldest first; other messages never.
    static constexpr std::size_t most_samples = 2000;

    struct RecordId {
        std::string charge_point, kind, key;
        friend auto operator<=>(const RecordId&, const RecordId&) = default;
    };
    /// A message that enters the queue, or only the number of one that leaves it.
    struct QueueChange {
        std::string charge_point;
        std::int64_t seq = 0;
        std::optional<ocpp::QueuedMessage> entering;
    };

    void put(const std::string& charge_point, ocpp::Record record);
    void erase(const std::string& charge_point, const std::string& kind, const std::string& key);
    /// False: an older sample was given up for it.
    [[nodiscard]] bool enqueue(const std::string& charge_point, ocpp::QueuedMessage message);
    void dequeue(const std::string& charge_point, std::int64_t seq);
    void clear();

    /// Something that must not be lost; false: only messages leave, which may come back.
    [[nodiscard]] bool must_last() const;
    [[nodiscard]] bool empty() const { return records_.empty() && queue_.empty(); }
    /// The last word on each record: its body, or nothing for erased.
    [[nodiscard]] const std::map<RecordId, std::optional<std::string>>& records() const { return records_; }
    /// In the order they were made.
    [[nodiscard]] const std::vector<QueueChange>& queue() const { return queue_; }

  private:
    std::map<RecordId, std::optional<std::string>> records_;
    std::vector<QueueChange> queue_;
    std::size_t samples_ = 0;
};

}  // namespace busbar::gateway

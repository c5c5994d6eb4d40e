// SPDX-License-Identifier: Apache-2.0
#include "gateway/store/pending.hpp"

#include <algorithm>

namespace busbar::gateway {
namespace {

bool is_sample(const PendingChanges::QueueChange& change) {
    return change.entering && change.entering->action == "MeterValues";
}

}  // namespace

void PendingChanges::put(const std::string& charge_point, ocpp::Record record) {
    records_[{charge_point, std::move(record.kind), std::move(record.key)}] = std::move(record.body);
}

void PendingChanges::erase(const std::string& charge_point, const std::string& kind, const std::string& key) {
    records_[{charge_point, kind, key}] = std::nullopt;
}

bool PendingChanges::enqueue(const std::string& charge_point, ocpp::QueuedMessage message) {
    const auto seq = message.seq;
    queue_.push_back({charge_point, seq, std::move(message)});
    if (!is_sample(queue_.back()) || ++samples_ <= most_samples) return true;
    queue_.erase(std::find_if(queue_.begin(), queue_.end(), is_sample));
    --samples_;
    return false;
}

void PendingChanges::dequeue(const std::string& charge_point, std::int64_t seq) {
    queue_.push_back({charge_point, seq, std::nullopt});
}

bool PendingChanges::must_last() const {
    return !records_.empty() || std::any_of(queue_.begin(), queue_.end(), [](const QueueChange& change) {
        return change.entering.has_value();
    });
}

void PendingChanges::clear() {
    records_.clear();
    queue_.clear();
    samples_ = 0;
}

}  // namespace busbar::gateway

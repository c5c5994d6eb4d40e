// SPDX-License-Identifier: Apache-2.0
#include "ocpp/transaction_data.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "ocpp/json_bridge.hpp"

namespace busbar::ocpp {
namespace {

constexpr std::int64_t highest_number = 1'000'000'000;  ///< of a record that we wrote ourselves

}  // namespace

TransactionData::TransactionData(const std::string& transaction, const std::vector<Record>& saved)
    : transaction_(transaction) {
    const std::string prefix = transaction + "/";
    for (const auto& record : saved) {
        if (transaction.empty() || record.kind != record_kind || !record.key.starts_with(prefix)) continue;
        Entry entry{};
        std::from_chars(record.key.data() + prefix.size(), record.key.data() + record.key.size(),
                        entry.number);
        const Json body = Json::parse(record.body, nullptr, false);
        auto value = decode<MeterValue>(body);
        if (!value || entry.number <= 0 || entry.number > highest_number) continue;
        entry.value = *std::move(value);
        last_number_ = std::max(last_number_, entry.number);
        entries_.push_back(std::move(entry));
    }
    std::sort(entries_.begin(), entries_.end(),
              [](const Entry& a, const Entry& b) { return a.number < b.number; });
}

void TransactionData::begin(const std::string& transaction) {
    transaction_ = transaction;
    entries_.clear();
    last_number_ = 0;
}

std::string TransactionData::key(std::int64_t number) const {
    return transaction_ + "/" + std::to_string(number);
}

void TransactionData::erase(const Entry& entry, Effects& effects) const {
    effects.emplace_back(EraseRecord{std::string(record_kind), key(entry.number)});
}

void TransactionData::add(MeterValue value, std::size_t most, Effects& effects) {
    if (entries_.size() >= most) {
        std::vector<Entry> kept;
        for (std::size_t i = 0; i < entries_.size(); ++i) {
            if (i % 2 == 0) {
                kept.push_back(std::move(entries_[i]));
            } else {
                erase(entries_[i], effects);
            }
        }
        entries_ = std::move(kept);
    }
    effects.emplace_back(SaveRecord{{std::string(record_kind), key(++last_number_), to_text(encode(value))}});
    entries_.push_back({last_number_, std::move(value)});
}

std::vector<MeterValue> TransactionData::take(Effects& effects) {
    std::vector<MeterValue> values;
    for (auto& entry : std::exchange(entries_, {})) {
        erase(entry, effects);
        values.push_back(std::move(entry.value));
    }
    transaction_.clear();
    return values;
}

}  // namespace busbar::ocpp

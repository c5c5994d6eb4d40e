// SPDX-License-Identifier: Apache-2.0
// The store as a charge point sees it, in memory.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "ocpp/effect.hpp"

namespace busbar::ocpp::test {

class FakeStore {
  public:
    [[nodiscard]] static bool concerns(const Effect& effect) {
        return std::holds_alternative<SaveRecord>(effect) || std::holds_alternative<EraseRecord>(effect) ||
               std::holds_alternative<SaveMessage>(effect) || std::holds_alternative<EraseMessage>(effect);
    }

    /// One commit: the saves and erasures among `effects`, in order.
    void commit(const Effects& effects) {
        for (const auto& effect : effects) std::visit([this](const auto& one) { apply(one); }, effect);
    }

    [[nodiscard]] Saved load() const {
        Saved saved;
        for (const auto& [name, body] : records_) saved.records.push_back({name.first, name.second, body});
        saved.last_seq = last_seq_;
        return saved;
    }

    [[nodiscard]] std::vector<QueuedMessage> page(const FetchMessages& fetch) const {
        std::vector<QueuedMessage> page;
        for (auto at = messages_.upper_bound(fetch.after); at != messages_.end() && page.size() < fetch.limit;
             ++at) {
            page.push_back(at->second);
        }
        return page;
    }

    [[nodiscard]] const std::map<std::int64_t, QueuedMessage>& messages() const { return messages_; }
    [[nodiscard]] bool has_record(const std::string& kind, const std::string& key) const {
        return records_.count({kind, key}) > 0;
    }
    /// Rows written or erased so far: what wears the flash.
    [[nodiscard]] std::size_t writes() const { return writes_; }

  private:
    void apply(const SaveRecord& save) {
        records_[{save.record.kind, save.record.key}] = save.record.body;
        ++writes_;
    }
    void apply(const EraseRecord& erase) {
        records_.erase({erase.kind, erase.key});
        ++writes_;
    }
    void apply(const SaveMessage& save) {
        messages_[save.message.seq] = save.message;
        last_seq_ = std::max(last_seq_, save.message.seq);
        ++writes_;
    }
    void apply(const EraseMessage& erase) {
        messages_.erase(erase.seq);
        ++writes_;
    }
    template <class Other>
    void apply(const Other&) {}

    std::map<std::pair<std::string, std::string>, std::string> records_;
    std::map<std::int64_t, QueuedMessage> messages_;
    std::int64_t last_seq_ = 0;
    std::size_t writes_ = 0;
};

}  // namespace busbar::ocpp::test

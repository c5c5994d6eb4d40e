// SPDX-License-Identifier: Apache-2.0
#include "gateway/mqtt/outbox.hpp"

#include <algorithm>
#include <utility>

namespace busbar::gateway {

void Outbox::change(Entry& entry, std::string payload) {
    if (entry.payload == payload) return;
    entry.payload = std::move(payload);
    if (std::exchange(entry.sent, false)) ++waiting_;
}

void Outbox::want(const Retained& messages) {
    for (auto entry = entries_.begin(); entry != entries_.end();) {
        const bool gone = !messages.contains(entry->first);
        if (gone && entry->second.payload.empty() && entry->second.sent) {
            entry = entries_.erase(entry);
            continue;
        }
        if (gone) change(entry->second, {});
        ++entry;
    }
    for (const auto& [topic, payload] : messages) {
        const auto found = entries_.find(topic);
        if (found != entries_.end()) {
            change(found->second, payload);
        } else {
            entries_.emplace(topic, Entry{payload});
            ++waiting_;
        }
    }
}

void Outbox::forget() {
    for (auto& [topic, entry] : entries_) entry.sent = false;
    waiting_ = entries_.size();
}

Outbox::Entries::const_iterator Outbox::first_waiting() const {
    return std::find_if(entries_.begin(), entries_.end(),
                        [](const auto& entry) { return !entry.second.sent; });
}

Outbox::Message Outbox::next() const {
    const auto first = first_waiting();
    return {first->first, first->second.payload};
}

void Outbox::sent() {
    entries_.at(first_waiting()->first).sent = true;
    --waiting_;
}

}  // namespace busbar::gateway

// SPDX-License-Identifier: Apache-2.0
#include "ocpp/authorization_cache.hpp"

#include <algorithm>
#include <utility>

namespace busbar::ocpp {

AuthorizationCache::AuthorizationCache(const std::vector<Record>& saved, std::size_t capacity)
    : tags_(record_kind, saved), capacity_(std::max<std::size_t>(capacity, 1)) {}

void AuthorizationCache::update(std::string_view tag, const IdTagInfo& info, std::optional<UtcTime> utc,
                                Effects& effects) {
    if (tag.empty()) return;
    if (find(tag) == nullptr) make_room(utc, effects);
    tags_.put(tag, info, effects);
    heard_[folded(tag)] = ++last_heard_;
}

void AuthorizationCache::make_room(std::optional<UtcTime> utc, Effects& effects) {
    const auto worth = [&](const KnownTags::Entries::value_type& entry) {
        const auto heard = heard_.find(entry.first);
        const Standing standing = standing_of(entry.second, utc);
        const bool may_be_valid = standing == Standing::valid || standing == Standing::undated;
        return std::pair(may_be_valid, heard == heard_.end() ? 0 : heard->second);
    };
    while (size() >= capacity_) {
        const auto least =
            std::min_element(tags_.entries().begin(), tags_.entries().end(),
                             [&](const auto& a, const auto& b) { return worth(a) < worth(b); });
        forget(std::string(least->first), effects);
    }
}

void AuthorizationCache::forget(std::string_view tag, Effects& effects) {
    tags_.erase(tag, effects);
    heard_.erase(folded(tag));
}

void AuthorizationCache::clear(Effects& effects) {
    std::vector<std::string> all;
    for (const auto& [tag, info] : tags_.entries()) all.push_back(tag);
    for (const auto& tag : all) forget(tag, effects);
    tags_.erase_damaged(effects);
}

}  // namespace busbar::ocpp

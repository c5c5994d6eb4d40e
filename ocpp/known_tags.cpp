// SPDX-License-Identifier: Apache-2.0
#include "ocpp/known_tags.hpp"

#include <utility>

#include "ocpp/json_bridge.hpp"

namespace busbar::ocpp {
namespace {

/// The body names its tag too: a key that lost or gained a character in the store never lets another card in.
std::string body_of(const std::string& tag, const IdTagInfo& info) {
    return to_text(encode(AuthorizationData{tag, info}));
}

std::optional<IdTagInfo> read(const Record& record) {
    const Json body = Json::parse(record.body, nullptr, false);
    if (body.is_discarded()) return std::nullopt;
    const auto data = decode<AuthorizationData>(body);
    if (!data || data->idTag.str() != record.key || folded(record.key) != record.key) return std::nullopt;
    return data->idTagInfo;
}

}  // namespace

std::string folded(std::string_view tag) {
    std::string lower(first_characters(tag, IdToken::max_characters));
    for (char& c : lower) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return lower;
}

bool same_info(const IdTagInfo& a, const IdTagInfo& b) {
    const bool same_parent = a.parentIdTag.has_value() == b.parentIdTag.has_value() &&
                             (!a.parentIdTag || a.parentIdTag->str() == b.parentIdTag->str());
    return a.status == b.status && a.expiryDate == b.expiryDate && same_parent;
}

Standing standing_of(const IdTagInfo& info, std::optional<UtcTime> utc) {
    if (info.status != AuthorizationStatus::Accepted) return Standing::not_accepted;
    if (!info.expiryDate) return Standing::valid;
    if (!utc) return Standing::undated;
    return *utc < *info.expiryDate ? Standing::valid : Standing::expired;
}

KnownTags::KnownTags(std::string_view kind, const std::vector<Record>& saved) : kind_(kind) {
    for (const auto& record : saved) {
        if (record.kind != kind_) continue;
        if (const auto info = read(record)) {
            entries_.insert_or_assign(record.key, *info);
        } else {
            damaged_.push_back(record.key);
        }
    }
}

const IdTagInfo* KnownTags::find(std::string_view tag) const {
    const auto found = entries_.find(folded(tag));
    return found == entries_.end() ? nullptr : &found->second;
}

void KnownTags::put(std::string_view tag, const IdTagInfo& info, Effects& effects) {
    const std::string key = folded(tag);
    const auto found = entries_.find(key);
    if (found != entries_.end() && same_info(found->second, info)) return;
    effects.emplace_back(SaveRecord{{kind_, key, body_of(key, info)}});
    entries_.insert_or_assign(key, info);
}

void KnownTags::erase(std::string_view tag, Effects& effects) {
    const std::string key = folded(tag);
    if (entries_.erase(key) > 0) effects.emplace_back(EraseRecord{kind_, key});
}

void KnownTags::erase_damaged(Effects& effects) {
    for (auto& key : std::exchange(damaged_, {})) {
        if (entries_.count(key) == 0) effects.emplace_back(EraseRecord{kind_, std::move(key)});
    }
}

}  // namespace busbar::ocpp

// SPDX-License-Identifier: Apache-2.0
#include "ocpp/local_list.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "ocpp/json_bridge.hpp"

namespace busbar::ocpp {
namespace {

constexpr std::string_view version_key = "version";

using Elements = std::vector<AuthorizationData>;

const Elements& elements_of(const SendLocalListReq& request) {
    static const Elements none;
    return request.localAuthorizationList ? *request.localAuthorizationList : none;
}

/// The tags of a request, folded; fewer than its elements where one stands twice.
std::set<std::string, std::less<>> tags_of(const Elements& elements) {
    std::set<std::string, std::less<>> tags;
    for (const auto& element : elements) tags.insert(folded(element.idTag.str()));
    return tags;
}

bool is_well_formed(const SendLocalListReq& request) {
    const Elements& elements = elements_of(request);
    const bool full = request.updateType == UpdateType::Full;
    const bool complete = std::all_of(elements.begin(), elements.end(), [&](const AuthorizationData& one) {
        return !one.idTag.empty() && (one.idTagInfo || !full);
    });
    return complete && tags_of(elements).size() == elements.size();
}

std::size_t size_after(const KnownTags& tags, const SendLocalListReq& request) {
    const Elements& elements = elements_of(request);
    if (request.updateType == UpdateType::Full) return elements.size();
    std::size_t size = tags.entries().size();
    for (const auto& element : elements) {
        const bool listed = tags.find(element.idTag.str()) != nullptr;
        if (element.idTagInfo && !listed) ++size;
        if (!element.idTagInfo && listed) --size;
    }
    return size;
}

}  // namespace

LocalList::LocalList(const std::vector<Record>& saved) : tags_(record_kind, saved) {
    int version = 0;
    int entries = 0;
    for (const auto& record : saved) {
        if (record.kind != version_kind) continue;
        saved_version_ = record.body;
        const Json body = Json::parse(record.body, nullptr, false);
        if (!body.is_object()) continue;
        version = field(body, "version", 0);
        entries = field(body, "entries", 0);
    }
    const bool filled = version > 0 && entries > 0 && size() == static_cast<std::size_t>(entries);
    const bool empty = saved_version_.empty() && size() == 0;
    intact_ = filled || empty;  // an entry that could not be read is missing in the number
    version_ = intact_ ? version : 0;
}

UpdateStatus LocalList::update(const SendLocalListReq& request, const LocalListLimits& limits,
                               Effects& effects) {
    const bool differential = request.updateType == UpdateType::Differential;
    if (request.listVersion <= 0) return UpdateStatus::Failed;
    if (differential && (request.listVersion <= version_ || !intact_)) return UpdateStatus::VersionMismatch;
    if (elements_of(request).size() > limits.request) return UpdateStatus::Failed;
    if (!is_well_formed(request)) return UpdateStatus::Failed;
    if (size_after(tags_, request) > limits.list) return UpdateStatus::Failed;
    take_up(request, effects);
    return UpdateStatus::Accepted;
}

void LocalList::take_up(const SendLocalListReq& request, Effects& effects) {
    const Elements& elements = elements_of(request);
    if (request.updateType == UpdateType::Full) {
        const auto stays = tags_of(elements);
        std::vector<std::string> gone;
        for (const auto& [tag, info] : tags_.entries()) {
            if (stays.count(tag) == 0) gone.push_back(tag);
        }
        for (const auto& tag : gone) tags_.erase(tag, effects);
    }
    for (const auto& element : elements) {
        const std::string& tag = element.idTag.str();
        element.idTagInfo ? tags_.put(tag, *element.idTagInfo, effects) : tags_.erase(tag, effects);
    }
    tags_.erase_damaged(effects);
    set_version(size() == 0 ? 0 : request.listVersion, effects);
    intact_ = true;
}

void LocalList::set_version(int version, Effects& effects) {
    version_ = version;
    std::string body;
    if (version > 0) body = to_text(Json{{"version", version}, {"entries", size()}});
    if (body == saved_version_) return;
    saved_version_ = body;
    const std::string kind(version_kind);
    const std::string key(version_key);
    if (body.empty()) {
        effects.emplace_back(EraseRecord{kind, key});
    } else {
        effects.emplace_back(SaveRecord{{kind, key, std::move(body)}});
    }
}

}  // namespace busbar::ocpp

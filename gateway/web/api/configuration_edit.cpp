// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/api/configuration_edit.hpp"

#include <fmt/format.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "gateway/site.hpp"

namespace busbar::gateway {
namespace {

using Json = nlohmann::ordered_json;

/// A secret of a section, and the key that names a file which holds it instead; null: there is none.
struct SecretKey {
    const char* name;
    const char* file;
};
constexpr SecretKey password{"password", "password_file"};

/// Where the configuration has secrets. A list's elements are told by their ids.
struct SecretPlace {
    const char* section;
    SecretKey key;
};
constexpr std::array<SecretPlace, 4> secret_places{{
    {"chargers", password},
    {"mqtt", password},
    {"uplinks", {"apn_password", nullptr}},
    {"uplinks", {"pin", "pin_file"}},
}};

bool is_secret(std::string_view key) {
    return std::any_of(secret_places.begin(), secret_places.end(),
                       [&](const SecretPlace& place) { return place.key.name == key; });
}

/// The element of that id; null: there is none.
const Json* element_of(const Json& list, const Json& id) {
    if (!list.is_array()) return nullptr;
    for (const auto& element : list) {
        if (element.is_object() && element.value("id", Json(nullptr)) == id) return &element;
    }
    return nullptr;
}

void keep_secret(Json& object, const Json* before, const SecretKey& key) {
    if (!object.is_object()) return;
    const bool blank = !object.contains(key.name) || object[key.name].is_null();
    if (!blank) return;
    object.erase(key.name);
    const bool has_file = key.file != nullptr && object.contains(key.file);
    if (before == nullptr || !before->is_object() || has_file) return;
    for (const char* name : {key.name, key.file}) {
        if (name != nullptr && before->contains(name)) object[name] = before->at(name);
    }
}

}  // namespace

Json without_secrets(Json configuration) {
    if (!configuration.is_structured()) return configuration;
    for (auto& member : configuration.items()) {
        const bool hidden = configuration.is_object() && is_secret(member.key());
        member.value() = hidden ? Json(nullptr) : without_secrets(std::move(member.value()));
    }
    return configuration;
}

Json with_secrets_of(const Json& present, Json wanted) {
    for (const auto& [section, key] : secret_places) {
        const auto after = wanted.find(section);
        if (after == wanted.end()) continue;
        const Json before = present.is_object() ? present.value(section, Json(nullptr)) : Json(nullptr);
        if (!after->is_array()) keep_secret(*after, &before, key);
        for (std::size_t i = 0; after->is_array() && i < after->size(); ++i) {
            auto& element = (*after)[i];
            if (element.is_object())
                keep_secret(element, element_of(before, element.value("id", Json(nullptr))), key);
        }
    }
    return wanted;
}

Json changes_between(const Json& from, const Json& to) {
    Json changes = Json::array();
    for (const auto& step : Json::diff(from, to)) {
        const auto path = step.at("path").get<std::string>();
        const Json::json_pointer place(path);
        const bool hidden = is_secret(path.substr(path.rfind('/') + 1));
        Json change{{"op", step.at("op")}, {"path", path}};
        if (step.at("op") != "add" && from.contains(place))
            change["from"] = hidden ? Json(nullptr) : without_secrets(from.at(place));
        if (step.contains("value")) change["to"] = hidden ? Json(nullptr) : without_secrets(step.at("value"));
        changes.push_back(std::move(change));
    }
    return changes;
}

std::string etag_of(std::string_view text) {
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
    constexpr std::ptrdiff_t shown = 12;
    return fmt::format("\"{:02x}\"", fmt::join(digest.begin(), digest.begin() + shown, ""));
}

std::vector<std::string> restarted_by(const GatewaySettings& from, const GatewaySettings& to) {
    const auto before = Site::makings_of(from);
    std::vector<std::string> ids;
    for (const auto& making : Site::makings_of(to)) {
        const auto same_id = std::find_if(before.begin(), before.end(), [&](const Making& one) {
            return one.charger.id == making.charger.id;
        });
        if (same_id != before.end() && !(*same_id == making)) ids.push_back(making.charger.id);
    }
    return ids;
}

}  // namespace busbar::gateway

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

constexpr const char* secret_key = "password";

/// The charger of that id; null: there is none.
const Json* charger_of(const Json& configuration, const Json& id) {
    const auto chargers = configuration.find("chargers");
    if (chargers == configuration.end() || !chargers->is_array()) return nullptr;
    for (const auto& charger : *chargers) {
        if (charger.is_object() && charger.value("id", Json(nullptr)) == id) return &charger;
    }
    return nullptr;
}

void keep_secret(Json& charger, const Json* before) {
    const bool blank = !charger.contains(secret_key) || charger[secret_key].is_null();
    if (!blank) return;
    charger.erase(secret_key);
    if (before == nullptr || charger.contains("password_file")) return;
    for (const char* key : {secret_key, "password_file"}) {
        if (before->contains(key)) charger[key] = before->at(key);
    }
}

}  // namespace

Json without_secrets(Json configuration) {
    if (configuration.is_object() && configuration.contains(secret_key)) configuration[secret_key] = nullptr;
    if (!configuration.is_structured()) return configuration;
    for (auto& member : configuration) member = without_secrets(std::move(member));
    return configuration;
}

Json with_secrets_of(const Json& present, Json wanted) {
    const auto chargers = wanted.find("chargers");
    if (chargers == wanted.end() || !chargers->is_array()) return wanted;
    for (auto& charger : *chargers) {
        if (charger.is_object())
            keep_secret(charger, charger_of(present, charger.value("id", Json(nullptr))));
    }
    return wanted;
}

Json changes_between(const Json& from, const Json& to) {
    Json changes = Json::array();
    for (const auto& step : Json::diff(from, to)) {
        const auto path = step.at("path").get<std::string>();
        const Json::json_pointer place(path);
        const bool is_secret = path.ends_with(std::string("/") + secret_key);
        Json change{{"op", step.at("op")}, {"path", path}};
        if (step.at("op") != "add" && from.contains(place))
            change["from"] = is_secret ? Json(nullptr) : without_secrets(from.at(place));
        if (step.contains("value"))
            change["to"] = is_secret ? Json(nullptr) : without_secrets(step.at("value"));
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

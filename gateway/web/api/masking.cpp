// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/api/masking.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace busbar::gateway {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view hidden = "…";
constexpr std::size_t least_for_ends = 7;

constexpr std::array<std::string_view, 2> tag_keys{"idTag", "parentIdTag"};
constexpr std::string_view secret_key = "authorizationkey";

std::string lower(std::string text) {
    for (char& c : text) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return text;
}

/// "ftp://user:word@host/x" becomes "ftp://…@host/x", and "https://host/x?sig=1" "https://host/x?…".
std::string without_credentials(std::string text) {
    const auto scheme = text.find("://");
    if (scheme == std::string::npos) return text;
    const auto query = std::min(text.find('?', scheme), text.find_first_of(" \"", scheme));
    if (query != std::string::npos && text[query] == '?') {
        const auto end = std::min(text.find_first_of(" \"", query), text.size());
        text.replace(query + 1, end - query - 1, hidden);
    }
    const auto from = scheme + 3;
    const auto at = text.rfind('@', text.find('/', from));
    return at == std::string::npos || at < from
               ? text
               : text.substr(0, from) + std::string(hidden) + text.substr(at);
}

/// {"key": "AuthorizationKey", "value": ...}, of ChangeConfiguration and GetConfiguration.
void hide_key(Json& object) {
    const auto key = object.find("key");
    if (key == object.end() || !key->is_string() || !object.contains("value")) return;
    if (lower(key->get<std::string>()) == secret_key) object["value"] = hidden;
}

void mask_tags(Json& payload) {
    if (!payload.is_structured()) return;
    for (auto& member : payload) mask_tags(member);
    for (const auto key : tag_keys) {
        if (!payload.is_object()) break;
        const auto tag = payload.find(key);
        if (tag != payload.end() && tag->is_string()) *tag = masked_tag(tag->get<std::string>());
    }
}

}  // namespace

std::string masked_tag(std::string_view tag) {
    if (tag.size() < least_for_ends) return std::string(tag.substr(0, 1)) + std::string(hidden);
    return std::string(tag.substr(0, 2)) + std::string(hidden) + std::string(tag.substr(tag.size() - 2));
}

Json masked_secrets(Json payload) {
    if (payload.is_string()) return without_credentials(payload.get<std::string>());
    if (payload.is_object()) hide_key(payload);
    if (payload.is_structured())
        for (auto& member : payload) member = masked_secrets(std::move(member));
    return payload;
}

Json masked_payload(Json payload) {
    payload = masked_secrets(std::move(payload));
    mask_tags(payload);
    return payload;
}

}  // namespace busbar::gateway

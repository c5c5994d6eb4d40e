// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/json_body.hpp"

#include <nlohmann/json.hpp>

namespace busbar::gateway {
namespace {

/// No body of ours is deeper; a deeper one would cost stack.
constexpr int deepest = 64;

}  // namespace

std::optional<nlohmann::json> json_object(const std::string& body) {
    if (body.empty()) return nlohmann::json::object();
    bool too_deep = false;
    auto parsed = nlohmann::json::parse(
        body,
        [&](int depth, nlohmann::json::parse_event_t, nlohmann::json&) {
            too_deep = too_deep || depth > deepest;
            return !too_deep;
        },
        false);
    if (too_deep || !parsed.is_object()) return std::nullopt;
    return parsed;
}

std::optional<std::string> text_member(const nlohmann::json& object, const char* name) {
    const auto found = object.find(name);
    if (found == object.end() || !found->is_string()) return std::nullopt;
    return found->get<std::string>();
}

HttpResponse json_response(const nlohmann::json& body, int status) {
    HttpResponse response;
    response.status = status;
    response.body = body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    return response;
}

HttpResponse no_content() {
    HttpResponse response;
    response.status = 204;
    return response;
}

}  // namespace busbar::gateway

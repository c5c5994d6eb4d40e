// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/api/exchange_json.hpp"

#include <charconv>
#include <nlohmann/json.hpp>

#include "gateway/web/target.hpp"
#include "ocpp/date_time.hpp"

namespace busbar::gateway {

using Json = nlohmann::ordered_json;

namespace {

/// What works on JSON calls itself for each level.
constexpr int deepest_nesting = 64;

bool nests_too_deep(std::string_view text) {
    int depth = 0;
    bool in_string = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (in_string && c == '\\') ++i;
        if (c == '"') in_string = !in_string;
        if (in_string) continue;
        if (c == '[' || c == '{') ++depth;
        if (c == ']' || c == '}') --depth;
        if (depth > deepest_nesting) return true;
    }
    return false;
}

}  // namespace

Json foreign_json(std::string_view text) {
    return nests_too_deep(text) ? Json(Json::value_t::discarded) : Json::parse(text, nullptr, false);
}

std::string text_of(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

HttpResponse json_response(const Json& body, int status) {
    HttpResponse response;
    response.status = status;
    response.body = text_of(body);
    return response;
}

std::optional<Json> object_in(const std::string& body) {
    if (body.empty()) return Json::object();
    auto json = foreign_json(body);
    return json.is_object() ? std::optional(std::move(json)) : std::nullopt;
}

std::optional<std::string> query_value(std::string_view query, std::string_view name) {
    while (!query.empty()) {
        const auto pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), pair.size() + 1));
        const auto equals = pair.find('=');
        if (pair.substr(0, equals) != name) continue;
        // A value is decoded as a path is, once it looks like one.
        const auto raw = equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1);
        const auto decoded = parse_target("/" + std::string(raw));
        return decoded ? decoded->path.substr(1) : std::string();
    }
    return std::nullopt;
}

std::int64_t query_number(std::string_view query, std::string_view name, std::int64_t otherwise) {
    const auto text = query_value(query, name);
    if (!text) return otherwise;
    std::int64_t number = otherwise;
    const auto end = text->data() + text->size();
    const auto read = std::from_chars(text->data(), end, number);
    return read.ec == std::errc() && read.ptr == end ? number : otherwise;
}

bool wants_lines(const HttpRequest& request) {
    return query_value(request.query, "format") == "jsonl";
}

HttpResponse lines_response(const Json& list, const std::string& file_name) {
    HttpResponse response;
    response.content_type = "application/jsonl";
    for (const auto& one : list) response.body += text_of(one) + '\n';
    response.headers.emplace_back("Content-Disposition", "attachment; filename=\"" + file_name + '"');
    return response;
}

Json time_json(const std::optional<UtcTime>& utc) {
    return utc ? Json(ocpp::to_iso8601(*utc)) : Json(nullptr);
}

Json time_json(SteadyTime at, const Now& now) {
    return time_json(ocpp::stamp(at, now).utc);
}

}  // namespace busbar::gateway

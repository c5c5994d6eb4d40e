// SPDX-License-Identifier: Apache-2.0
// JSON in, JSON out: what all handlers of the API do with a request and its answer.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/base/time.hpp"
#include "gateway/web/http.hpp"

namespace busbar::gateway {

/// Text that is no UTF-8 is mended: a device or a peer may have sent it.
HttpResponse json_response(const nlohmann::ordered_json& body, int status = 200);
std::string text_of(const nlohmann::ordered_json& json);

/// Of text from outside: discarded when it is no JSON, or nested deeper than anything that means something.
nlohmann::ordered_json foreign_json(std::string_view text);

/// The body as an object, {} when it is empty; nothing when it is something else.
std::optional<nlohmann::ordered_json> object_in(const std::string& body);

/// The decoded value of the first `name=` of a query; nothing when it is not there.
std::optional<std::string> query_value(std::string_view query, std::string_view name);
/// The same as a whole number; `otherwise` when it is none.
std::int64_t query_number(std::string_view query, std::string_view name, std::int64_t otherwise = 0);

/// `?format=jsonl`: a file with one JSON object a line.
bool wants_lines(const HttpRequest& request);
HttpResponse lines_response(const nlohmann::ordered_json& list, const std::string& file_name);

/// RFC 3339 in UTC, null while UTC is unknown.
nlohmann::ordered_json time_json(SteadyTime at, const Now& now);
nlohmann::ordered_json time_json(const std::optional<UtcTime>& utc);

}  // namespace busbar::gateway

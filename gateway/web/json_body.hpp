// SPDX-License-Identifier: Apache-2.0
// Bodies of JSON: read from requests, put into answers.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "gateway/web/http.hpp"

namespace busbar::gateway {

/// The body as a JSON object; an empty body counts as {}. Empty: it is none.
std::optional<nlohmann::json> json_object(const std::string& body);

/// The text of a member that is one. Empty: it is missing or something else.
std::optional<std::string> text_member(const nlohmann::json& object, const char* name);

HttpResponse json_response(const nlohmann::json& body, int status = 200);
HttpResponse no_content();

}  // namespace busbar::gateway

// SPDX-License-Identifier: Apache-2.0
// Errors of the local API in one form: RFC 9457 problem details with a stable code.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>

#include "config/config.hpp"
#include "gateway/web/http.hpp"

namespace busbar::gateway {

/// "Not Found" for 404; "Error" for a status that no route answers with.
std::string_view status_words(int status);

/// `code` is stable and for programs ("not_found"); `detail` is a sentence for the person.
HttpResponse problem(int status, std::string_view code, std::string_view detail);

/// What a page needs to say the same in its own words: a member "params".
using ProblemParams = std::map<std::string, std::variant<std::int64_t, std::string>>;
HttpResponse problem_with(const ProblemParams& params, int status, std::string_view code,
                          std::string_view detail);

/// The same with a member "problems": a list of {"path", "text"}.
HttpResponse problem(int status, std::string_view code, std::string_view detail,
                     const std::vector<config::Problem>& problems);

}  // namespace busbar::gateway

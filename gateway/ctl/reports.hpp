// SPDX-License-Identifier: Apache-2.0
// What the API answers, for people. Missing and null fields are shown as "-".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/base/result.hpp"

namespace busbar::ctl {

/// GET /api/v1/status as tables of charge points and of buses. Error: not the JSON that is expected.
Result<std::string> status_report(std::string_view body);

struct TracePage {
    std::string text;       ///< one line an event; as the daemon's JSON or for people
    std::int64_t last = 0;  ///< number of the newest event the daemon has
    std::int64_t seen = 0;  ///< number of the newest event in `text`; 0: it is empty
};

/// GET /api/v1/trace. Error: not the JSON that is expected.
Result<TracePage> trace_page(std::string_view body, bool as_json);

/// The sentence of an error answer; the body itself when it is no problem document.
std::string problem_text(std::string_view body);

}  // namespace busbar::ctl

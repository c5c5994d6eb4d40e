// SPDX-License-Identifier: Apache-2.0
// Verbs that print a list of the API's as a table.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "gateway/base/result.hpp"
#include "gateway/ctl/api_verbs.hpp"

namespace busbar::ctl {

/// A column's heading, and where in an entry its cell stands, as "/expires_at".
struct Column {
    const char* heading;
    const char* pointer;
};

/// A route that answers with a list, the list's place in the answer, and what is shown of an entry.
struct Listing {
    const char* verb;
    const char* help;
    const char* target;
    const char* entries;
    std::vector<Column> columns;
};

/// Error: the answer is no such list.
Result<std::string> listing_report(const Listing& listing, std::string_view body);

ApiVerb add_listing(CLI::App& app, const Listing& listing);

}  // namespace busbar::ctl

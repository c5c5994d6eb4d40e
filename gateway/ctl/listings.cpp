// SPDX-License-Identifier: Apache-2.0
#include "gateway/ctl/listings.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "gateway/ctl/json_cells.hpp"
#include "gateway/ctl/text_table.hpp"

namespace busbar::ctl {
namespace {

std::string cell(const nlohmann::json& value) {
    if (value.is_number()) return fmt::format("{:.10g}", value.get<double>());
    if (!value.is_array()) return text(value);
    std::string all;
    for (const auto& one : value) all += (all.empty() ? "" : ", ") + text(one);
    return all.empty() ? "-" : all;
}

}  // namespace

Result<std::string> listing_report(const Listing& listing, std::string_view body) {
    const auto answer = nlohmann::json::parse(body, nullptr, false);
    if (!at(answer, listing.entries).is_array()) return unexpected();
    Rows rows(1);
    for (const auto& column : listing.columns) rows.front().emplace_back(column.heading);
    for (const auto& entry : list(answer, listing.entries)) {
        auto& row = rows.emplace_back();
        for (const auto& column : listing.columns) row.push_back(cell(at(entry, column.pointer)));
    }
    return text_table(rows);
}

ApiVerb add_listing(CLI::App& app, const Listing& listing) {
    return {app.add_subcommand(listing.verb, listing.help), [listing](ApiClient& daemon, bool as_json) {
                return tell_answer(daemon.get(listing.target), as_json,
                                   [&](std::string_view body) { return listing_report(listing, body); });
            }};
}

}  // namespace busbar::ctl

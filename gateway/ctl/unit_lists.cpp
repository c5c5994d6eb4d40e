// SPDX-License-Identifier: Apache-2.0
#include "gateway/ctl/unit_lists.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace busbar::ctl {
namespace {

constexpr int last_unit = 255;

std::optional<int> unit_in(std::string_view text) {
    int unit = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), unit);
    const bool number = error == std::errc() && end == text.data() + text.size();
    return number && unit >= 0 && unit <= last_unit ? std::optional(unit) : std::nullopt;
}

std::string_view take_part(std::string_view& text) {
    const auto part = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), part.size() + 1));
    return part;
}

}  // namespace

Result<std::set<int>> parse_unit_ids(std::string_view text) {
    std::set<int> units;
    while (!text.empty()) {
        const auto part = take_part(text);
        const auto dash = part.find('-');
        const auto first = unit_in(part.substr(0, dash));
        const auto last = dash == std::string_view::npos ? first : unit_in(part.substr(dash + 1));
        if (!first || !last || *first < 1 || *first > *last) {
            return Error{Errc::invalid,
                         fmt::format("'{}' in --units: unit ids are 1 to 255, as in 1-8,20", part)};
        }
        for (int unit = *first; unit <= *last; ++unit) units.insert(unit);
    }
    return units;
}

Result<std::map<std::string, int>> parse_named_units(std::string_view text) {
    std::map<std::string, int> units;
    while (!text.empty()) {
        const auto part = take_part(text);
        const auto sign = part.find('=');
        const auto unit = sign == std::string_view::npos ? std::nullopt : unit_in(part.substr(sign + 1));
        if (!unit || sign == 0) {
            return Error{Errc::invalid, fmt::format("'{}' in --units: give the profile's names for units "
                                                    "their ids, as in socket2=2,station=200",
                                                    part)};
        }
        units[std::string(part.substr(0, sign))] = *unit;
    }
    return units;
}

}  // namespace busbar::ctl

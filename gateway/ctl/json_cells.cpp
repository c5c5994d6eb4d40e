// SPDX-License-Identifier: Apache-2.0
#include "gateway/ctl/json_cells.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "gateway/ctl/text_table.hpp"

namespace busbar::ctl {

using nlohmann::json;

const json& at(const json& value, const char* pointer) {
    static const json null;
    const json::json_pointer place(pointer);
    return value.contains(place) ? value.at(place) : null;
}

std::string text(const json& value) {
    if (value.is_null() || value == "") return "-";
    return printable(value.is_string() ? value.get_ref<const std::string&>() : value.dump());
}

std::string number(const json& value, std::string_view unit) {
    return value.is_number() ? fmt::format("{:.10g} {}", value.get<double>(), unit) : "-";
}

const json& list(const json& value, const char* pointer) {
    static const json empty = json::array();
    const json& found = at(value, pointer);
    return found.is_array() ? found : empty;
}

Error unexpected() {
    return {Errc::garbled,
            "the answer is not the JSON that this busbarctl knows: use the one of the same release"};
}

}  // namespace busbar::ctl

// SPDX-License-Identifier: Apache-2.0
#include "gateway/update/hand_over.hpp"

#include "gateway/update/key_lines.hpp"

namespace busbar::update {
namespace {

constexpr std::string_view request_format = "busbar-request-1";
constexpr std::size_t longest_missing = 500;

}  // namespace

bool is_id(std::string_view text) {
    constexpr std::string_view letters = "0123456789abcdefghijklmnopqrstuvwxyz";
    return !text.empty() && text.size() <= 32 && text.find_first_not_of(letters) == std::string_view::npos;
}

std::string request_text(const std::string& id) {
    return to_text(KeyLines{{"format", std::string(request_format)}, {"id", id}});
}

std::optional<std::string> read_request(std::string_view text) {
    const auto lines = read_key_lines(text);
    if (!lines || value_of(*lines, "format") != request_format) return std::nullopt;
    auto id = value_of(*lines, "id");
    if (!is_id(id)) return std::nullopt;
    return id;
}

std::string to_text(const HealthWord& word) {
    return to_text(KeyLines{{"watch", word.watch},
                            {"well", word.well ? "yes" : "no"},
                            {"missing", word.missing.substr(0, longest_missing)}});
}

std::optional<HealthWord> read_health_word(std::string_view text) {
    const auto lines = read_key_lines(text);
    if (!lines) return std::nullopt;
    const auto well = value_of(*lines, "well");
    if (well != "yes" && well != "no") return std::nullopt;
    return HealthWord{value_of(*lines, "watch"), well == "yes", value_of(*lines, "missing")};
}

}  // namespace busbar::update

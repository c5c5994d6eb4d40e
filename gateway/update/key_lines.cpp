// SPDX-License-Identifier: Apache-2.0
#include "gateway/update/key_lines.hpp"

#include <algorithm>
#include <charconv>

namespace busbar::update {
namespace {

constexpr std::size_t most_digits = 18;

bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

bool is_key(std::string_view text) {
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789_";
    return !text.empty() && text.find_first_not_of(letters) == std::string_view::npos;
}

}  // namespace

std::optional<KeyLines> read_key_lines(std::string_view text) {
    KeyLines lines;
    while (!text.empty()) {
        const auto end = text.find('\n');
        if (end == std::string_view::npos) return std::nullopt;
        const auto line = text.substr(0, end);
        text.remove_prefix(end + 1);
        const auto equals = line.find('=');
        if (equals == std::string_view::npos || !is_key(line.substr(0, equals))) return std::nullopt;
        if (std::any_of(line.begin(), line.end(), is_control)) return std::nullopt;
        const bool is_new =
            lines.emplace(std::string(line.substr(0, equals)), std::string(line.substr(equals + 1))).second;
        if (!is_new) return std::nullopt;
    }
    return lines;
}

std::string to_text(const KeyLines& lines) {
    std::string text;
    for (auto [key, value] : lines) {
        std::replace_if(value.begin(), value.end(), is_control, ' ');
        text.append(key).append(1, '=').append(value).append(1, '\n');
    }
    return text;
}

std::string value_of(const KeyLines& lines, std::string_view key) {
    const auto found = lines.find(key);
    return found == lines.end() ? std::string() : found->second;
}

std::optional<std::uint64_t> number_of(std::string_view text) {
    if (text.empty() || text.size() > most_digits || (text.size() > 1 && text[0] == '0')) return std::nullopt;
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

}  // namespace busbar::update

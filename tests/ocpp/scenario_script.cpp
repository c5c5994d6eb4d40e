// SPDX-License-Identifier: Apache-2.0
#include "tests/ocpp/scenario_script.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>

namespace busbar::ocpp::test {
namespace {

constexpr std::string_view blanks = " \t\r";

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

/// JSON that is too long for a line goes on in the next.
bool is_open(std::string_view text) {
    return std::count(text.begin(), text.end(), '{') > std::count(text.begin(), text.end(), '}');
}

std::optional<SteadyEpoch::duration> time_in(std::string_view word) {
    double value = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (error != std::errc() || end != word.data() + word.size()) return std::nullopt;
    return std::chrono::round<SteadyEpoch::duration>(std::chrono::duration<double>(value));
}

Line parse(int number, std::string_view text) {
    Line line{number, std::nullopt, {}, {}};
    std::string_view first = take_word(text);
    line.at = time_in(first);
    if (line.at) first = take_word(text);
    line.verb = first;
    line.rest = text;
    return line;
}

}  // namespace

std::string_view take_word(std::string_view& text) {
    text = trimmed(text);
    const auto end = std::min(text.find_first_of(blanks), text.size());
    const std::string_view word = text.substr(0, end);
    text = trimmed(text.substr(end));
    return word;
}

std::vector<Line> read_script(const std::string& path) {
    std::ifstream file(path);
    if (!file) throw ScriptError{0, "cannot be opened"};
    std::vector<Line> lines;
    std::string joined;
    int number = 0;
    int begins = 0;
    for (std::string text; std::getline(file, text);) {
        ++number;
        const std::string_view part = trimmed(text);
        if (part.empty() || part.front() == '#') continue;
        if (joined.empty()) begins = number;
        joined += joined.empty() ? "" : " ";
        joined += part;
        if (is_open(joined)) continue;
        lines.push_back(parse(begins, joined));
        joined.clear();
    }
    if (!joined.empty()) throw ScriptError{begins, "a brace is not closed"};
    return lines;
}

std::pair<std::string_view, std::string_view> split_exchange(std::string_view text) {
    constexpr std::string_view arrow = " => ";
    const auto at = text.find(arrow);
    if (at == std::string_view::npos) return {text, {}};
    return {text.substr(0, at), text.substr(at + arrow.size())};
}

}  // namespace busbar::ocpp::test

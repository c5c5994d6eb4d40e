// SPDX-License-Identifier: Apache-2.0
#include "gateway/update/version.hpp"

#include <algorithm>
#include <cctype>

namespace busbar::update {
namespace {

constexpr std::size_t longest = 64;

struct Parts {
    std::string_view epoch;
    std::string_view upstream;
    std::string_view revision;
};

Parts split(std::string_view version) {
    Parts parts{"0", version, ""};
    if (const auto colon = version.find(':'); colon != std::string_view::npos) {
        parts.epoch = version.substr(0, colon);
        parts.upstream = version.substr(colon + 1);
    }
    if (const auto dash = parts.upstream.rfind('-'); dash != std::string_view::npos) {
        parts.revision = parts.upstream.substr(dash + 1);
        parts.upstream = parts.upstream.substr(0, dash);
    }
    return parts;
}

bool is_digit(char c) {
    return std::isdigit(static_cast<unsigned char>(c)) != 0;
}

/// A tilde sorts before the end, the end before letters, letters before all else. A digit ends the text part.
int rank(std::string_view text) {
    if (text.empty() || is_digit(text.front())) return 0;
    const auto c = static_cast<unsigned char>(text.front());
    if (c == '~') return -1;
    return std::isalpha(c) != 0 ? c : c + 256;
}

std::string_view take_number(std::string_view& text) {
    const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
    auto number = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    text.remove_prefix(number.size());
    number.remove_prefix(std::min(number.find_first_not_of('0'), number.size()));
    return number;
}

/// Of numbers without leading zeros.
int compare_numbers(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
    return a.compare(b);
}

int compare_parts(std::string_view a, std::string_view b) {
    while (!a.empty() || !b.empty()) {
        while ((!a.empty() && !is_digit(a.front())) || (!b.empty() && !is_digit(b.front()))) {
            if (const int difference = rank(a) - rank(b); difference != 0) return difference;
            a.remove_prefix(1);
            b.remove_prefix(1);
        }
        const auto [first, second] = std::pair(take_number(a), take_number(b));
        if (const int difference = compare_numbers(first, second); difference != 0) return difference;
    }
    return 0;
}

}  // namespace

bool is_version(std::string_view text) {
    constexpr std::string_view letters =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.+~:-";
    if (text.empty() || text.size() > longest || !is_digit(text.front())) return false;
    if (text.find_first_not_of(letters) != std::string_view::npos) return false;
    const auto colon = text.find(':');
    if (colon == std::string_view::npos) return true;
    const auto rest = text.substr(colon + 1);
    return std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(colon), is_digit) &&
           !rest.empty() && is_digit(rest.front());
}

int compare_versions(std::string_view a, std::string_view b) {
    auto [first, second] = std::pair(split(a), split(b));
    const int epochs = compare_numbers(take_number(first.epoch), take_number(second.epoch));
    if (epochs != 0) return epochs;
    const int upstreams = compare_parts(first.upstream, second.upstream);
    return upstreams != 0 ? upstreams : compare_parts(first.revision, second.revision);
}

}  // namespace busbar::update

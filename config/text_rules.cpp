// SPDX-License-Identifier: Apache-2.0
// Host names, addresses and identifiers, checked character by character.
#include "config/text_rules.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

namespace busbar::config {
namespace {

bool is_letter_or_digit(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_address_of(int family, std::string_view text) {
    std::array<unsigned char, sizeof(in6_addr)> bytes{};
    return inet_pton(family, std::string(text).c_str(), bytes.data()) == 1;
}

bool is_port(std::string_view text) {
    int port = 0;
    const auto [last, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    return error == std::errc() && last == text.data() + text.size() && port >= 1 && port <= 65535;
}

bool is_host_port(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos || !is_port(text.substr(colon + 1))) return false;
    const auto host = text.substr(0, colon);
    const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    return bracketed ? is_ipv6(host.substr(1, host.size() - 2))
                     : host.find(':') == std::string_view::npos && is_host(host);
}

/// Lower-case words joined by single hyphens.
bool is_profile_id(std::string_view text) {
    const bool ends_well = !text.empty() && text.size() <= 64 && text.front() != '-' && text.back() != '-';
    return ends_well && text.find("--") == std::string_view::npos &&
           std::all_of(text.begin(), text.end(),
                       [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

bool is_name(std::string_view text) {
    return !text.empty() && text.size() <= 40 && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
}

}  // namespace

const TextRule kName{"1 to 40 of a-z, 0-9 and _", is_name};
const TextRule kHostPort{"host:port, such as 198.51.100.7:443 or [2001:db8::7]:443", is_host_port};
const TextRule kProfileId{"lower-case letters and digits joined by single hyphens, at most 64",
                          is_profile_id};

std::size_t characters(std::string_view text) {
    const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; };
    return text.size() - static_cast<std::size_t>(std::count_if(text.begin(), text.end(), continues));
}

bool is_printable(std::string_view text, std::size_t least, std::size_t most) {
    return text.size() >= least && text.size() <= most &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

bool is_ipv4(std::string_view text) {
    return is_address_of(AF_INET, text);
}
bool is_ipv6(std::string_view text) {
    return is_address_of(AF_INET6, text);
}

bool is_host(std::string_view text) {
    if (is_ipv6(text)) return true;
    constexpr std::size_t kLongestName = 253;  // RFC 1035 section 2.3.4, without the final dot
    constexpr std::size_t kLongestLabel = 63;
    if (text.empty() || text.size() > kLongestName) return false;
    const auto whole = text;
    while (true) {
        const auto label = text.substr(0, text.find('.'));
        const bool fits =
            !label.empty() && label.size() <= kLongestLabel && label.front() != '-' && label.back() != '-';
        const auto allowed = [](char c) { return is_letter_or_digit(c) || c == '-' || c == '_'; };
        if (!fits || !std::all_of(label.begin(), label.end(), allowed)) return false;
        if (label.size() < text.size()) {
            text.remove_prefix(label.size() + 1);
            continue;
        }
        // A last label of digits only is an address that went wrong, not a name.
        return is_ipv4(whole) ||
               !std::all_of(label.begin(), label.end(), [](char c) { return c >= '0' && c <= '9'; });
    }
}

}  // namespace busbar::config

// SPDX-License-Identifier: Apache-2.0
// wss URLs only: everything a WebSocket handshake could trip over is refused here, with words.
#include "config/url.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "config/text_rules.hpp"

namespace busbar::config {
namespace {

Error wrong(std::string detail) {
    return {Errc::invalid, std::move(detail)};
}

bool starts_with_scheme(std::string_view text, std::string_view scheme) {
    return text.size() >= scheme.size() &&
           std::equal(scheme.begin(), scheme.end(), text.begin(),
                      [](char a, char b) { return a == std::tolower(static_cast<unsigned char>(b)); });
}

/// RFC 3986 section 3.3: pchar and '/'; `more` adds what the query allows.
bool is_encoded(std::string_view text, std::string_view more) {
    const auto hex_at = [text](std::size_t i) {
        return i < text.size() && std::isxdigit(static_cast<unsigned char>(text[i])) != 0;
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '%') {
            if (!hex_at(i + 1) || !hex_at(i + 2)) return false;
            continue;
        }
        const bool plain =
            c > ' ' && c <= '~' && std::string_view("\"<>\\^`{|}#[]?").find(c) == std::string_view::npos;
        if (!plain && more.find(c) == std::string_view::npos) return false;
    }
    return true;
}

Result<int> parse_port(std::string_view text) {
    int port = 0;
    const auto [last, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc() || last != text.data() + text.size() || port < 1 || port > 65535) {
        return wrong("the port after ':' must be 1 to 65535");
    }
    return port;
}

/// host or [IPv6], then ":port" or nothing.
Result<Url> parse_authority(std::string_view text) {
    Url url;
    std::string_view port;
    if (!text.empty() && text.front() == '[') {
        const auto end = text.find(']');
        if (end == std::string_view::npos) return wrong("the IPv6 address needs its closing ']'");
        url.host = text.substr(1, end - 1);
        port = text.substr(end + 1);
        if (!is_ipv6(url.host)) return wrong("'" + url.host + "' is not an IPv6 address");
    } else {
        const auto end = std::min(text.find(':'), text.size());
        url.host = text.substr(0, end);
        port = text.substr(end);
        if (!is_host(url.host)) {
            return wrong(
                "needs a host name after wss:// (letters, digits, '-', '.'; other alphabets as xn--...; IPv6 "
                "in [])");
        }
    }
    if (port.empty()) return url;
    if (port.front() != ':') return wrong("only ':' and a port may follow the host");
    const auto number = parse_port(port.substr(1));
    if (!number) return number.error();
    url.port = *number;
    return url;
}

}  // namespace

Result<Url> parse_url(std::string_view text) {
    constexpr std::string_view kScheme = "wss://";
    if (starts_with_scheme(text, "ws://")) {
        return wrong("ws:// is refused, it would send the password unencrypted: use wss://");
    }
    if (!starts_with_scheme(text, kScheme)) return wrong("must begin with wss://");
    text.remove_prefix(kScheme.size());
    if (text.find('#') != std::string_view::npos) return wrong("leave out '#' and what follows it");

    const auto authority = text.substr(0, text.find_first_of("/?"));
    if (authority.find('@') != std::string_view::npos) {
        return wrong("leave out the user and password before '@': they are each charger's id and password");
    }
    auto url = parse_authority(authority);
    if (!url) return url;

    text.remove_prefix(authority.size());
    auto path = text.substr(0, text.find('?'));
    const auto query = path.size() < text.size() ? text.substr(path.size() + 1) : std::string_view{};
    if (!is_encoded(path, "") || !is_encoded(query, "?")) {
        return wrong("a blank or special character in path or query must be written %XX, '%' itself %25");
    }
    while (!path.empty() && path.back() == '/') path.remove_suffix(1);
    url->path = path;
    url->query = query;
    return url;
}

}  // namespace busbar::config

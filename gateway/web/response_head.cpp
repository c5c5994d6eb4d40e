// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/response_head.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gateway/web/problem.hpp"

namespace busbar::gateway {
namespace {

/// A line end in a value would begin a field of somebody else's making.
std::string one_line(std::string value) {
    std::replace_if(
        value.begin(), value.end(), [](char c) { return c == '\r' || c == '\n' || c == '\0'; }, ' ');
    return value;
}

}  // namespace

std::string head_text(const HttpResponse& response, std::optional<std::size_t> length, bool keep_alive) {
    auto text = fmt::format("HTTP/1.1 {} {}\r\n", response.status, status_words(response.status));
    const bool has_body = response.status != 204 && response.status != 304;
    if (has_body && !response.content_type.empty())
        text += fmt::format("Content-Type: {}\r\n", one_line(response.content_type));
    for (const auto& [name, value] : response.headers)
        text += fmt::format("{}: {}\r\n", name, one_line(value));
    if (length && has_body) text += fmt::format("Content-Length: {}\r\n", *length);
    text += keep_alive ? "\r\n" : "Connection: close\r\n\r\n";
    return text;
}

}  // namespace busbar::gateway

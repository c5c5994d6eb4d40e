// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/target.hpp"

#include <charconv>

namespace busbar::gateway {
namespace {

std::optional<std::string> percent_decoded(std::string_view text) {
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            decoded += text[i];
            continue;
        }
        unsigned char byte = 0;
        const std::string_view digits = text.substr(i + 1, 2);
        const char* end = digits.data() + digits.size();
        if (digits.size() != 2 || std::from_chars(digits.data(), end, byte, 16).ptr != end)
            return std::nullopt;
        decoded += static_cast<char>(byte);
        i += 2;
    }
    return decoded;
}

}  // namespace

std::optional<Target> parse_target(std::string_view target) {
    const auto question = target.find('?');
    const auto path = percent_decoded(target.substr(0, question));
    if (!path || path->empty() || path->front() != '/') return std::nullopt;
    if (path->find_first_of(std::string_view("\0\r\n", 3)) != std::string::npos) return std::nullopt;
    const auto query = question == std::string_view::npos ? std::string_view{} : target.substr(question + 1);
    return Target{*path, std::string(query)};
}

}  // namespace busbar::gateway

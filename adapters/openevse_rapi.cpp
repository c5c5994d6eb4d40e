// SPDX-License-Identifier: Apache-2.0
// Checksums, words and sequence ids of RAPI frames.
#include "adapters/openevse_rapi.hpp"

#include <fmt/format.h>

#include <charconv>
#include <functional>
#include <numeric>

namespace busbar::adapters::rapi {
namespace {

constexpr std::size_t most_words = 10;

template <class Fold>
std::uint8_t fold(std::string_view text, Fold step) {
    return std::accumulate(text.begin(), text.end(), std::uint8_t{0}, [&](std::uint8_t sum, char byte) {
        return static_cast<std::uint8_t>(step(sum, static_cast<std::uint8_t>(byte)));
    });
}

std::optional<long> number(std::string_view text, int base) {
    long value = 0;
    const auto* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, value, base);
    if (error != std::errc{} || rest != end || text.empty()) return std::nullopt;
    return value;
}

std::vector<std::string> split(std::string_view text) {
    std::vector<std::string> words;
    while (!text.empty()) {
        const auto word = text.substr(0, text.find(' '));
        text.remove_prefix(std::min(text.size(), word.size() + 1));
        if (!word.empty()) words.emplace_back(word);
    }
    return words;
}

/// Takes the checksum off `body`; false: it is wrong.
bool take_checksum(std::string_view& body) {
    const auto at = body.find_first_of("^*");
    if (at == std::string_view::npos) return true;
    const auto covered = body.substr(0, at);
    const auto sum = body[at] == '^' ? fold(covered, std::bit_xor<>()) : fold(covered, std::plus<>());
    const bool right = number(body.substr(at + 1), 16) == sum;
    body = covered;
    return right;
}

}  // namespace

std::string frame(std::string_view command, std::optional<std::uint8_t> sequence) {
    auto body = fmt::format("${}", command);
    if (sequence) body += fmt::format(" :{:02X}", *sequence);
    body += fmt::format("^{:02X}", fold(body, std::bit_xor<>()));
    return body.size() > longest_command ? std::string() : body + '\r';
}

std::optional<long> Message::decimal(std::size_t parameter) const {
    return parameter + 1 < words.size() ? number(words[parameter + 1], 10) : std::nullopt;
}

std::optional<long> Message::hex(std::size_t parameter) const {
    return parameter + 1 < words.size() ? number(words[parameter + 1], 16) : std::nullopt;
}

std::optional<Message> parse(std::string_view text) {
    const auto start = text.rfind('$');
    if (start == std::string_view::npos) return std::nullopt;
    auto body = text.substr(start);
    Message message;
    message.intact = take_checksum(body);
    message.words = split(body.substr(1));
    if (message.words.empty() || message.words.size() > most_words) return std::nullopt;
    const std::string_view last = message.words.back();
    if (last.starts_with(':') && message.words.size() > 1) {
        const auto id = number(last.substr(1), 16);
        if (id && *id > 0 && *id <= 0xFF) message.sequence = static_cast<std::uint8_t>(*id);
        message.words.pop_back();
    }
    return message;
}

}  // namespace busbar::adapters::rapi

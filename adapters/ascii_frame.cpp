// SPDX-License-Identifier: Apache-2.0
// Bytes to hex digits and back, with the checksum.
#include "adapters/ascii_frame.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <optional>

namespace busbar::adapters {
namespace {

constexpr std::size_t shortest = 3;  // bytes: unit, function, checksum

char answer_start(AsciiDialect dialect) {
    return dialect == AsciiDialect::abl ? '>' : ':';
}

std::optional<unsigned> digit(char c) {
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
    if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A') + 10;
    if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a') + 10;
    return std::nullopt;
}

std::optional<Bytes> from_hex(std::string_view digits) {
    if (digits.size() % 2 != 0) return std::nullopt;
    Bytes bytes;
    for (std::size_t i = 0; i < digits.size(); i += 2) {
        const auto high = digit(digits[i]);
        const auto low = digit(digits[i + 1]);
        if (!high || !low) return std::nullopt;
        bytes.push_back(static_cast<std::uint8_t>(*high << 4 | *low));
    }
    return bytes;
}

ExchangeError garbled(std::string detail) {
    return {{Errc::garbled, std::move(detail)}};
}

}  // namespace

std::uint8_t longitudinal_redundancy(std::span<const std::uint8_t> bytes) {
    unsigned sum = 0;
    for (const auto byte : bytes) sum += byte;
    return static_cast<std::uint8_t>(-sum);
}

std::string ascii_request(int unit, std::span<const std::uint8_t> pdu) {
    Bytes bytes{static_cast<std::uint8_t>(unit)};
    bytes.insert(bytes.end(), pdu.begin(), pdu.end());
    bytes.push_back(longitudinal_redundancy(bytes));
    return fmt::format(":{:02X}\r\n", fmt::join(bytes, ""));
}

bool holds_ascii_answer(std::string_view line, AsciiDialect dialect) {
    return line.find(answer_start(dialect)) != std::string_view::npos;
}

Exchange<AsciiFrame> parse_ascii_answer(std::string_view line, AsciiDialect dialect) {
    const auto start = line.rfind(answer_start(dialect));
    if (start == std::string_view::npos) return garbled("noise instead of an answer; check the wiring");
    const auto bytes = from_hex(line.substr(start + 1));
    if (!bytes || bytes->size() < shortest) {
        return garbled("the answer is not pairs of hex digits; check baud, parity and termination");
    }
    if (longitudinal_redundancy(*bytes) != 0) {
        return garbled("the answer's checksum is wrong; check shielding, termination, baud and parity");
    }
    return AsciiFrame{bytes->front(), Bytes(bytes->begin() + 1, bytes->end() - 1)};
}

Exchange<void> check_dialect(const Span& span, AsciiDialect dialect) {
    if (dialect == AsciiDialect::modbus || span.table == config::Table::holding) return {};
    return ExchangeError{{Errc::invalid, to_text(span) + ": ABL's protocol has holding registers only"}};
}

config::WriteFunction dialect_function(config::WriteFunction wanted, AsciiDialect dialect) {
    return dialect == AsciiDialect::abl ? config::WriteFunction::multiple : wanted;
}

bool repeats_register(const Span& span, const Words& words) {
    return !words.empty() && words.front() >> 8 == (span.address & 0xFF);
}

}  // namespace busbar::adapters

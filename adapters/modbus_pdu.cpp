// SPDX-License-Identifier: Apache-2.0
// Encodes requests and judges answers byte by byte.
#include "adapters/modbus_pdu.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace busbar::adapters {
namespace {

using config::Table;
using config::WriteFunction;

enum Function : std::uint8_t {
    read_coils = 1,
    read_discrete_inputs = 2,
    read_holding_registers = 3,
    read_input_registers = 4,
    write_single_coil = 5,
    write_single_register = 6,
    write_multiple_coils = 15,
    write_multiple_registers = 16,
};
constexpr std::uint8_t exception_flag = 0x80;
constexpr std::uint16_t coil_on = 0xFF00;

constexpr bool is_bits(Table table) {
    return table == Table::coil || table == Table::discrete;
}

Function read_function(Table table) {
    static constexpr std::array<Function, 4> functions{read_input_registers, read_holding_registers,
                                                       read_coils, read_discrete_inputs};
    return functions.at(static_cast<std::size_t>(table));
}

void append(Bytes& bytes, int word) {
    bytes.push_back(static_cast<std::uint8_t>((word >> 8) & 0xFF));
    bytes.push_back(static_cast<std::uint8_t>(word & 0xFF));
}

Bytes pdu(Function function, int first, int second) {
    Bytes bytes{function};
    append(bytes, first);
    append(bytes, second);
    return bytes;
}

std::string_view exception_words(int code) {
    struct Entry {
        int code;
        std::string_view words;
    };
    static constexpr std::array<Entry, 9> table{{
        {1, "it does not know this function"},
        {2, "it has no such address"},
        {3, "it does not take this value or length"},
        {4, "it failed to do it"},
        {5, "it needs more time"},
        {6, "it is busy"},
        {8, "its memory has a parity error"},
        {10, "the bus gateway has no path to it"},
        {11, "it does not answer the bus gateway"},
    }};
    const auto* found =
        std::find_if(table.begin(), table.end(), [&](const Entry& e) { return e.code == code; });
    return found == table.end() ? "its manual knows why" : found->words;
}

ExchangeError garbled(std::string detail) {
    return {{Errc::garbled, std::move(detail)}};
}
ExchangeError invalid(std::string detail) {
    return {{Errc::invalid, std::move(detail)}};
}

/// The error in the first bytes of an answer to `function`, if there is one.
std::optional<ExchangeError> refusal(std::uint8_t function, std::span<const std::uint8_t> answer) {
    if (answer.size() < 2) return garbled("the answer is too short");
    if (answer[0] == (function | exception_flag)) {
        const int code = answer[1];
        return ExchangeError{
            {Errc::refused, fmt::format("refused with exception {}: {}", code, exception_words(code))}, code};
    }
    if (answer[0] != function) {
        return garbled(
            fmt::format("the answer is to function {}, the request was function {}", answer[0], function));
    }
    return std::nullopt;
}

Exchange<void> check_range(const Span& span, int most) {
    if (span.count < 1 || span.count > most) {
        return invalid(fmt::format("{}: {} values in one request, 1 to {} are possible", to_text(span),
                                   span.count, most));
    }
    if (span.address < 0 || span.address + span.count > 0x10000) {
        return invalid(fmt::format("{}: addresses are 0 to 65535", to_text(span)));
    }
    return {};
}

std::size_t data_bytes(const Span& span) {
    const auto count = static_cast<std::size_t>(span.count);
    return is_bits(span.table) ? (count + 7) / 8 : 2 * count;
}

Bytes write_many(const Span& span, const Words& words) {
    const bool bits = is_bits(span.table);
    auto bytes = pdu(bits ? write_multiple_coils : write_multiple_registers, span.address, span.count);
    bytes.push_back(static_cast<std::uint8_t>(data_bytes(span)));
    if (!bits) {
        for (const auto word : words) append(bytes, word);
        return bytes;
    }
    const auto header = bytes.size();
    bytes.resize(header + data_bytes(span), 0);
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (words[i] != 0)
            bytes[header + i / 8] = static_cast<std::uint8_t>(bytes[header + i / 8] | (1U << (i % 8)));
    }
    return bytes;
}

}  // namespace

Exchange<void> check_read(const Span& span) {
    return check_range(span, is_bits(span.table) ? 2000 : 125);
}

Exchange<void> check_write(const Span& span, const Words& words) {
    if (span.table == Table::input || span.table == Table::discrete) {
        return invalid(to_text(span) + " can only be read");
    }
    if (words.size() != static_cast<std::size_t>(span.count)) {
        return invalid(fmt::format("{}: {} words given", to_text(span), words.size()));
    }
    return check_range(span, is_bits(span.table) ? 1968 : 123);
}

Bytes read_request(const Span& span) {
    return pdu(read_function(span.table), span.address, span.count);
}

Bytes write_request(const Span& span, const Words& words, WriteFunction function) {
    if (words.size() > 1 || function == WriteFunction::multiple) return write_many(span, words);
    if (is_bits(span.table)) return pdu(write_single_coil, span.address, words.front() != 0 ? coil_on : 0);
    return pdu(write_single_register, span.address, words.front());
}

std::size_t answer_size(std::span<const std::uint8_t> request) {
    const int count = request[3] << 8 | request[4];
    switch (request[0]) {
        case read_coils:
        case read_discrete_inputs:
            return 2 + static_cast<std::size_t>((count + 7) / 8);
        case read_holding_registers:
        case read_input_registers:
            return 2 + 2 * static_cast<std::size_t>(count);
        default:
            return 5;
    }
}

Exchange<Words> read_answer(const Span& span, std::span<const std::uint8_t> answer) {
    if (auto error = refusal(read_function(span.table), answer)) return *error;
    const auto expected = data_bytes(span);
    if (answer[1] != expected || answer.size() != 2 + expected) {
        return garbled(
            fmt::format("the answer has {} bytes of values, {} were asked for", answer.size() - 2, expected));
    }
    const auto data = answer.subspan(2);
    Words words(static_cast<std::size_t>(span.count));
    for (std::size_t i = 0; i < words.size(); ++i) {
        words[i] = static_cast<std::uint16_t>(is_bits(span.table) ? data[i / 8] >> (i % 8) & 1
                                                                  : data[2 * i] << 8 | data[2 * i + 1]);
    }
    return words;
}

Exchange<void> write_answer(std::span<const std::uint8_t> request, std::span<const std::uint8_t> answer) {
    if (auto error = refusal(request[0], answer)) return *error;
    // A single write echoes the value, a multiple one the count: five bytes of the request either way.
    if (answer.size() != 5 || !std::equal(answer.begin(), answer.end(), request.begin())) {
        return garbled("the answer does not echo the write");
    }
    return {};
}

}  // namespace busbar::adapters

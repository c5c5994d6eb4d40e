// SPDX-License-Identifier: Apache-2.0
// One exchange in hex digits: which of the lines that come is the answer.
#include "adapters/ascii_registers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace busbar::adapters {
namespace {

constexpr int highest_unit = 247;
constexpr std::uint8_t exception_flag = 0x80;
constexpr std::size_t unit_and_checksum = 2;  // bytes, two characters each
constexpr int start_and_end = 3;              // characters
constexpr int bits_per_character = 11;        // start, 8 data, parity, stop
constexpr milliseconds longest_pause{1000};  // between two characters: MODBUS over Serial Line V1.02, 2.5.2.1

bool is_refusal_of(const Bytes& request, std::span<const std::uint8_t> pdu) {
    return pdu.size() == 2 && pdu[0] == (request[0] | exception_flag);
}

/// Functions 5 and 6: the answer is the request once more.
bool is_repeated(const Bytes& request) {
    return request.size() == answer_size(request);
}

}  // namespace

AsciiRegisters::AsciiRegisters(const config::Bus& bus, std::unique_ptr<FrameLine> line, AsciiDialect dialect,
                               TraceTap tap, Clock clock)
    : Registers(bus.id, std::move(tap), std::move(clock)),
      line_(std::move(line)),
      dialect_(dialect),
      baud_(bus.baud) {}

/// The reply time of a line ends with the answer, ours with its first byte.
Terms AsciiRegisters::terms_for(std::size_t answer_bytes, milliseconds reply_timeout) const {
    const auto characters = static_cast<long>(2 * (answer_bytes + unit_and_checksum)) + start_and_end;
    return {reply_timeout + milliseconds(characters * bits_per_character * 1000 / baud_ + 1), {}};
}

Exchange<Words> AsciiRegisters::transfer_read(const Span& span, milliseconds reply_timeout) {
    if (const auto possible = check_dialect(span, dialect_); !possible) return possible.error();
    if (const auto possible = check_read(span); !possible) return possible.error();
    const auto request = read_request(span);
    const auto fits = [&](std::span<const std::uint8_t> pdu) {
        if (pdu[0] != request[0] || pdu.size() != answer_size(request)) return false;
        const auto words = read_answer(span, pdu);
        return dialect_ == AsciiDialect::modbus || (words && repeats_register(span, *words));
    };
    const auto answer = converse(span.unit, request, fits, reply_timeout);
    if (!answer) return answer.error();
    return read_answer(span, *answer);
}

Exchange<void> AsciiRegisters::transfer_write(const Span& span, const Words& words,
                                              config::WriteFunction function, milliseconds reply_timeout) {
    if (const auto possible = check_dialect(span, dialect_); !possible) return possible.error();
    if (const auto possible = check_write(span, words); !possible) return possible.error();
    const auto request = write_request(span, words, dialect_function(function, dialect_));
    if (span.unit == 0) return line_->tell(0, ascii_request(0, request), {reply_timeout, {}});
    const auto fits = [&](std::span<const std::uint8_t> pdu) {
        return write_answer(request, pdu).has_value();
    };
    const auto answer = converse(span.unit, request, fits, reply_timeout);
    if (!answer) return answer.error();
    return write_answer(request, *answer);
}

Exchange<Bytes> AsciiRegisters::converse(int unit, const Bytes& request, const Fits& fits,
                                         milliseconds reply_timeout) {
    if (unit < 0 || unit > highest_unit) {
        return ExchangeError{
            {Errc::invalid, fmt::format("unit id {}: a serial bus has 1 to {}", unit, highest_unit)}};
    }
    const auto line = ascii_request(unit, request);
    const std::string_view sent(line.data(), line.size() - 2);
    int echoes = 0;
    // A damaged answer ends the exchange too: nothing better will come.
    const auto is_answer = [&](std::string_view message) {
        if (dialect_ == AsciiDialect::modbus && message == sent) {
            ++echoes;
            return is_repeated(request) && (!echoes_ || echoes > 1);
        }
        if (!holds_ascii_answer(message, dialect_)) return false;
        const auto frame = parse_ascii_answer(message, dialect_);
        if (!frame) return true;
        const bool from_unit = frame->unit == unit || (unit == 0 && dialect_ == AsciiDialect::abl);
        return from_unit && (is_refusal_of(request, frame->pdu) || fits(frame->pdu));
    };
    const auto pause = dialect_ == AsciiDialect::modbus ? longest_pause : 0ms;
    const auto message = line_->converse(
        unit, line, is_answer, terms_for(answer_size(request), reply_timeout), Intent::read, {}, pause);
    if (echoes > 0 && !is_repeated(request)) echoes_ = true;
    if (!message) return message.error();
    auto frame = parse_ascii_answer(*message, dialect_);
    if (!frame) return frame.error();
    return std::move(frame->pdu);
}

}  // namespace busbar::adapters

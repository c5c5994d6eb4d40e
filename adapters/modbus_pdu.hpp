// SPDX-License-Identifier: Apache-2.0
// Modbus requests and answers without their framing: function code and data. Pure.
// Source: MODBUS Application Protocol Specification V1.1b3, chapters 6 and 7.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "adapters/registers.hpp"

namespace busbar::adapters {

using Bytes = std::vector<std::uint8_t>;

/// Refuses what no request can carry: more than 125 registers or 2000 bits a read, 123 or 1968 a write,
/// addresses past 65535, input tables to be written.
Exchange<void> check_read(const Span& span);
Exchange<void> check_write(const Span& span, const Words& words);

Bytes read_request(const Span& span);

/// Functions 5 and 6 for one value, 15 and 16 for several or when `function` asks for them.
Bytes write_request(const Span& span, const Words& words, config::WriteFunction function);

/// Bytes of a whole answer, function code included, to the request.
std::size_t answer_size(std::span<const std::uint8_t> request);

/// The words of an answer to read_request(span). An exception is Errc::refused with its number in words.
Exchange<Words> read_answer(const Span& span, std::span<const std::uint8_t> answer);

/// Checks the echo.
Exchange<void> write_answer(std::span<const std::uint8_t> request, std::span<const std::uint8_t> answer);

}  // namespace busbar::adapters

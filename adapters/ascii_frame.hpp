// SPDX-License-Identifier: Apache-2.0
// Modbus in ASCII: a PDU as a line of hex digits between a start character and its checksum. Pure.
// Sources: MODBUS over Serial Line V1.02, section 2.5.2; ABL "EVCC2/3 API subset" 05 0015 20 Rev B.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "adapters/modbus_pdu.hpp"

namespace busbar::adapters {

/// abl: what ABL made of it. Answers begin with '>' instead of ':', there are the functions 3 and 16 only,
/// and the first byte of a read answer's values repeats the low byte of the register that was asked for.
enum class AsciiDialect { modbus, abl };

/// Unit id and PDU of one line.
struct AsciiFrame {
    int unit = 0;
    Bytes pdu;
};

/// The two's complement of the bytes' sum.
std::uint8_t longitudinal_redundancy(std::span<const std::uint8_t> bytes);

/// The whole line, with its start character and its CR LF.
std::string ascii_request(int unit, std::span<const std::uint8_t> pdu);

/// Whether `line` has the start character of an answer at all; what has none is noise.
bool holds_ascii_answer(std::string_view line, AsciiDialect dialect);

/// `line` has no line end. What stands before its last start character is noise and dropped. Error: garbled.
Exchange<AsciiFrame> parse_ascii_answer(std::string_view line, AsciiDialect dialect);

/// Refuses what the dialect has no function for; ABL knows holding registers only.
Exchange<void> check_dialect(const Span& span, AsciiDialect dialect);

/// ABL writes every register with function 16.
config::WriteFunction dialect_function(config::WriteFunction wanted, AsciiDialect dialect);

/// ABL: the answer is to this register. The byte that says so stays the high byte of the first word.
bool repeats_register(const Span& span, const Words& words);

}  // namespace busbar::adapters

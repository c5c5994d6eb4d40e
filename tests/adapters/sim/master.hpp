// SPDX-License-Identifier: Apache-2.0
// The master's side of a conversation, written out by hand for the simulator's tests.
#pragma once

#include <optional>
#include <vector>

#include "adapters/sim/bytes.hpp"
#include "adapters/sim/framing.hpp"

namespace busbar::sim::test {

inline SteadyTime at(SteadyTime::duration since_start) {
    return SteadyTime{since_start};
}

/// function, two words: reads (3, 4) and single writes (6)
inline Bytes pdu(std::uint8_t function, std::uint16_t first, std::uint16_t second) {
    Bytes bytes{function};
    append_word(bytes, first);
    append_word(bytes, second);
    return bytes;
}

inline Bytes read_input(std::uint16_t address, std::uint16_t count) {
    return pdu(4, address, count);
}
inline Bytes read_holding(std::uint16_t address, std::uint16_t count) {
    return pdu(3, address, count);
}
inline Bytes write_single(std::uint16_t address, std::uint16_t value) {
    return pdu(6, address, value);
}

inline Bytes write_multiple(std::uint16_t address, const std::vector<std::uint16_t>& values) {
    Bytes bytes = pdu(16, address, static_cast<std::uint16_t>(values.size()));
    bytes.push_back(static_cast<std::uint8_t>(2 * values.size()));
    for (const std::uint16_t value : values) {
        append_word(bytes, value);
    }
    return bytes;
}

inline Bytes exception(std::uint8_t function, std::uint8_t code) {
    return {static_cast<std::uint8_t>(function | 0x80), code};
}

}  // namespace busbar::sim::test

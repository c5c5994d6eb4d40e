// SPDX-License-Identifier: Apache-2.0
// What a Modbus server answers to a PDU: functions 3, 4, 6 and 16 over a register map.
#pragma once

#include <optional>

#include "adapters/sim/bytes.hpp"

namespace busbar::sim {

enum class Space { input, holding };

enum class ModbusException : std::uint8_t { illegal_function = 1, illegal_address = 2, illegal_value = 3 };

/// The registers of one unit, zero-based addresses as on the wire.
class RegisterMap {
  public:
    RegisterMap() = default;
    RegisterMap(const RegisterMap&) = delete;
    RegisterMap& operator=(const RegisterMap&) = delete;
    virtual ~RegisterMap() = default;

    /// Empty: not documented, or not readable.
    [[nodiscard]] virtual std::optional<std::uint16_t> read(Space space, std::uint16_t address) const = 0;

    /// Why a holding register may not be written with this value; empty: it may.
    [[nodiscard]] virtual std::optional<ModbusException> refuses(std::uint16_t address,
                                                                 std::uint16_t value) const = 0;

    /// REQUIRES: refuses(address, value) is empty.
    virtual void write(std::uint16_t address, std::uint16_t value) = 0;

    /// Registers that one read may ask for.
    [[nodiscard]] virtual std::uint16_t longest_read() const { return 125; }
};

/// Checks in the standard's order: function, quantity, address, value. Several registers are written all or
/// none.
Bytes answer_pdu(RegisterMap& registers, const Bytes& request);

/// True for an answer with the top bit of the function set.
inline bool is_exception(const Bytes& answer) {
    return !answer.empty() && (answer[0] & 0x80) != 0;
}

}  // namespace busbar::sim

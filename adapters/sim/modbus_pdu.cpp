// SPDX-License-Identifier: Apache-2.0
// What a Modbus server answers to a PDU.
#include "adapters/sim/modbus_pdu.hpp"

#include <array>

namespace busbar::sim {

namespace {

constexpr std::uint16_t most_written = 123;  // registers in one function 16 request

Bytes exception(const Bytes& request, ModbusException why) {
    const int function = request.empty() ? 0 : request[0];
    return {static_cast<std::uint8_t>(function | 0x80), static_cast<std::uint8_t>(why)};
}

Bytes read_registers(const RegisterMap& registers, const Bytes& request, Space space) {
    const std::uint16_t first = word_at(request, 1);
    const std::uint16_t count = word_at(request, 3);
    if (count == 0 || count > registers.longest_read()) {
        return exception(request, ModbusException::illegal_value);
    }
    Bytes answer{request[0], static_cast<std::uint8_t>(2 * count)};
    for (std::uint16_t i = 0; i < count; ++i) {
        const auto value = registers.read(space, static_cast<std::uint16_t>(first + i));
        if (!value) {
            return exception(request, ModbusException::illegal_address);
        }
        append_word(answer, *value);
    }
    return answer;
}

Bytes read_holding(RegisterMap& registers, const Bytes& request) {
    return read_registers(registers, request, Space::holding);
}

Bytes read_input(RegisterMap& registers, const Bytes& request) {
    return read_registers(registers, request, Space::input);
}

Bytes write_single(RegisterMap& registers, const Bytes& request) {
    const std::uint16_t address = word_at(request, 1);
    const std::uint16_t value = word_at(request, 3);
    if (const auto why = registers.refuses(address, value)) {
        return exception(request, *why);
    }
    registers.write(address, value);
    return request;
}

Bytes write_multiple(RegisterMap& registers, const Bytes& request) {
    const std::uint16_t first = word_at(request, 1);
    const std::uint16_t count = word_at(request, 3);
    if (count == 0 || count > most_written || request[5] != 2 * count || request.size() != 6U + request[5]) {
        return exception(request, ModbusException::illegal_value);
    }
    const auto address = [first](std::uint16_t i) { return static_cast<std::uint16_t>(first + i); };
    const auto value = [&request](std::uint16_t i) { return word_at(request, 6U + 2U * i); };
    for (std::uint16_t i = 0; i < count; ++i) {
        if (const auto why = registers.refuses(address(i), value(i))) {
            return exception(request, *why);
        }
    }
    for (std::uint16_t i = 0; i < count; ++i) {
        registers.write(address(i), value(i));
    }
    return {request.begin(), request.begin() + 5};
}

struct Function {
    std::uint8_t code;
    std::size_t shortest;  // bytes of a request
    std::size_t longest;
    Bytes (*answer)(RegisterMap&, const Bytes&);
};

constexpr std::array functions{
    Function{0x03, 5, 5, read_holding},
    Function{0x04, 5, 5, read_input},
    Function{0x06, 5, 5, write_single},
    Function{0x10, 6, 252, write_multiple},
};

}  // namespace

Bytes answer_pdu(RegisterMap& registers, const Bytes& request) {
    for (const Function& function : functions) {
        if (request.empty() || request[0] != function.code) {
            continue;
        }
        if (request.size() < function.shortest || request.size() > function.longest) {
            return exception(request, ModbusException::illegal_value);
        }
        return function.answer(registers, request);
    }
    return exception(request, ModbusException::illegal_function);
}

}  // namespace busbar::sim

// SPDX-License-Identifier: Apache-2.0
// Opening a Modbus line: a serial device or a TCP host, never in quick succession, with the cure in words.
#include <fmt/format.h>
#include <modbus.h>
#include <sys/select.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include "adapters/modbus_registers.hpp"
#include "adapters/serial_device.hpp"

namespace busbar::adapters {
namespace {

constexpr milliseconds connect_deadline{1500};

char letter(config::Parity parity) {
    static constexpr std::array<char, 3> letters{'N', 'E', 'O'};
    return letters.at(static_cast<std::size_t>(parity));
}

void set_deadlines(modbus_t* context, std::size_t baud) {
    // Governs only the rest of an answer that has begun: the wait for its beginning is ours.
    const std::size_t wire_us = baud == 0 ? 0 : MODBUS_RTU_MAX_ADU_LENGTH * 11'000'000UL / baud;
    const std::size_t rest_us = 300'000 + wire_us;
    modbus_set_response_timeout(context, static_cast<std::uint32_t>(rest_us / 1'000'000),
                                static_cast<std::uint32_t>(rest_us % 1'000'000));
    modbus_set_byte_timeout(context, 0, 0);
    modbus_set_error_recovery(context, MODBUS_ERROR_RECOVERY_NONE);
}

}  // namespace

Result<SteadyTime> ModbusRegisters::open() {
    if (interrupt_.wait(-1, 0, now()) == Interrupt::Woken::interrupted) return stopped();
    if (context_ && suspect_) settle();
    if (context_ && !drain()) close();
    if (context_) return opened_at_;
    if (auto error = attempts_.too_soon(now())) return *error;
    // Weak TCP stacks crash on more than one connection a second.
    const auto rest = is_on_tcp() ? between_attempts() : OpenAttempts::usual_rest;
    auto context = connect();
    if (!context) return attempts_.failed(context.error(), now(), rest);
    attempts_.succeeded(now(), rest);
    context_ = std::move(*context);
    opened_at_ = now();
    last_byte_ = opened_at_;
    return opened_at_;
}

Result<ModbusRegisters::Context> ModbusRegisters::connect() {
    auto context = is_on_tcp() ? connect_tcp() : connect_serial();
    if (context && modbus_get_socket(context->get()) >= FD_SETSIZE) {
        // libmodbus waits with select(2), which writes past its set for such a descriptor.
        return Error{Errc::io, fmt::format("more than {} files are open in this process", FD_SETSIZE)};
    }
    return context;
}

Result<ModbusRegisters::Context> ModbusRegisters::connect_serial() {
    const auto parity = usable_frame(settings_, log_, told_about_parity_).parity;
    Context context(
        modbus_new_rtu(settings_.device.c_str(), settings_.baud, letter(parity), 8, settings_.stop_bits));
    if (!context) return serial_error(settings_.device, errno);
    set_deadlines(context.get(), static_cast<std::size_t>(settings_.baud));
    if (modbus_connect(context.get()) != 0) return serial_error(settings_.device, errno);
    use_kernel_direction(modbus_get_socket(context.get()));
    return context;
}

Result<ModbusRegisters::Context> ModbusRegisters::connect_tcp() {
    const auto socket = dialer_.dial(interrupt_, connect_deadline);
    if (!socket) return socket.error();
    // Address and device are of no use: the socket is connected already.
    Context context(frames_are_rtu() ? modbus_new_rtu("/dev/null", 9600, 'N', 8, 1)
                                     : modbus_new_tcp("127.0.0.1", settings_.port));
    if (!context) {
        ::close(*socket);
        return Error{Errc::io, std::generic_category().message(errno)};
    }
    modbus_set_socket(context.get(), *socket);
    set_deadlines(context.get(), frames_are_rtu() ? 9600 : 0);
    return context;
}

}  // namespace busbar::adapters

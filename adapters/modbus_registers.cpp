// SPDX-License-Identifier: Apache-2.0
// One exchange over libmodbus: silence, request, wait, answer, and what went wrong in words.
#include "adapters/modbus_registers.hpp"

#include <fmt/format.h>
#include <modbus.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "adapters/rtu_frame.hpp"

namespace busbar::adapters {
namespace {

constexpr int bits_per_byte = 11;  // start, 8 data, parity, stop
constexpr milliseconds quiet_after_failure{20};
constexpr int longest_drain = 16;  // reads; a line that never falls silent is the next exchange's problem
constexpr int most_silences = 3;   // on TCP: then the connection is opened anew
constexpr std::size_t tcp_header = 7;
constexpr int slowest_behind_server = 9600;   // baud
constexpr milliseconds delay_of_server{500};  // serial servers collect bytes before they send a packet

ExchangeError failure(Errc code, std::string detail, bool hung_up = false) {
    return {{code, std::move(detail)}, 0, hung_up};
}

ExchangeError foreign_answer() {
    return failure(
        Errc::garbled,
        "noise or another unit's answer; check wiring, termination and that no two devices share a "
        "unit id");
}

}  // namespace

ModbusRegisters::ModbusRegisters(config::Bus bus, TraceTap tap, const Log& log)
    : Registers(bus.id, std::move(tap)),
      settings_(std::move(bus)),
      log_(log.with("bus", settings_.id)),
      attempts_(log_),
      dialer_(settings_.host, settings_.port) {}

ModbusRegisters::~ModbusRegisters() = default;

void ModbusRegisters::CloseContext::operator()(_modbus* context) const {
    modbus_close(context);
    modbus_free(context);
}

SteadyEpoch::duration ModbusRegisters::wire_time(std::size_t bytes) const {
    if (!frames_are_rtu()) return SteadyEpoch::duration::zero();
    // Nobody says how fast the line behind a serial server is; the slowest usual one is waited for.
    const int baud = is_on_tcp() ? slowest_behind_server : settings_.baud;
    return std::chrono::microseconds(bytes * bits_per_byte * 1'000'000 / static_cast<std::size_t>(baud));
}

void ModbusRegisters::close() {
    context_.reset();
    silences_ = 0;
    suspect_ = false;
}

/// Reads away what nobody waits for. False when the peer has closed the connection.
bool ModbusRegisters::drain() {
    const int fd = modbus_get_socket(context_.get());
    std::array<std::uint8_t, 256> stale{};
    if (!frames_are_rtu()) {
        // Late answers stay: their transaction id tells, and half of one must not be torn off.
        return ::recv(fd, stale.data(), 1, MSG_PEEK | MSG_DONTWAIT) != 0;
    }
    for (int i = 0; i < longest_drain; ++i) {
        const auto count = is_on_tcp() ? ::recv(fd, stale.data(), stale.size(), MSG_DONTWAIT)
                                       : ::read(fd, stale.data(), stale.size());
        if (count < 0) return errno == EAGAIN || errno == EINTR;
        if (count == 0) return !is_on_tcp();
        last_byte_ = now();
    }
    return true;
}

/// After a failure on a serial line: until nobody talks any more.
void ModbusRegisters::settle() {
    suspect_ = false;
    if (!frames_are_rtu()) return;
    const int fd = modbus_get_socket(context_.get());
    const auto quiet = quiet_after_failure + wire_time(4);
    for (int i = 0; i < longest_drain; ++i) {
        if (interrupt_.wait(fd, POLLIN, now() + quiet) != Interrupt::Woken::ready) return;
        if (!drain()) return;
    }
}

Exchange<Words> ModbusRegisters::transfer_read(const Span& span, milliseconds reply_timeout) {
    if (const auto fits = check_read(span); !fits) return fits.error();
    const auto answer = converse(span.unit, read_request(span), reply_timeout);
    if (!answer) return answer.error();
    auto words = read_answer(span, *answer);
    if (!words) return concluded(words.error());
    return words;
}

Exchange<void> ModbusRegisters::transfer_write(const Span& span, const Words& words,
                                               config::WriteFunction function, milliseconds reply_timeout) {
    if (const auto fits = check_write(span, words); !fits) return fits.error();
    const auto request = write_request(span, words, function);
    const auto answer = converse(span.unit, request, reply_timeout);
    if (!answer) return answer.error();
    auto echoed = write_answer(request, *answer);
    if (!echoed) return concluded(echoed.error());
    return echoed;
}

/// Draws the conclusions for the connection from an error of the last exchange.
ExchangeError ModbusRegisters::concluded(ExchangeError error) {
    switch (error.code) {
        case Errc::unreachable:
            close();
            break;
        case Errc::garbled:
            suspect_ = true;
            if (!frames_are_rtu()) close();  // a stream out of step cannot be found again
            break;
        case Errc::timeout:
            suspect_ = true;
            if (++silences_ >= most_silences && is_on_tcp()) close();
            break;
        default:
            break;
    }
    return error;
}

std::optional<ExchangeError> ModbusRegisters::check_unit(int unit) const {
    if (!context_) return failure(Errc::unreachable, "the line is not open");
    const int last = frames_are_rtu() ? 247 : 255;
    if (unit >= 0 && unit <= last) return std::nullopt;
    return failure(Errc::invalid, fmt::format("unit id {}: a bus of this kind has 1 to {}", unit, last));
}

Exchange<Bytes> ModbusRegisters::converse(int unit, const Bytes& request, milliseconds reply_timeout) {
    if (auto error = check_unit(unit)) return *error;
    if (frames_are_rtu()) {
        // MODBUS over Serial Line V1.02, 2.5.1.1: 3.5 characters, 1.75 ms above 19200 baud.
        const bool is_fast = !is_on_tcp() && settings_.baud > 19200;
        const auto silence = is_fast ? SteadyEpoch::duration(1750us) : wire_time(7) / 2;
        if (interrupt_.wait(-1, 0, last_byte_ + silence) == Interrupt::Woken::interrupted) {
            return failure(Errc::cancelled, stopped().detail);
        }
    }
    if (!send(unit, request)) return concluded(broken_off(errno));
    const auto wire = wire_time(request.size() + 3) + wire_time(answer_size(request) + 3);
    const auto bridge = frames_are_rtu() && is_on_tcp() ? delay_of_server : 0ms;
    auto answer = receive(unit, now() + wire + reply_timeout + bridge);
    last_byte_ = now();
    if (!answer) return concluded(answer.error());
    silences_ = 0;
    return answer;
}

bool ModbusRegisters::send(int unit, const Bytes& request) {
    if (!frames_are_rtu()) return send_tcp(unit, request);
    Bytes frame{static_cast<std::uint8_t>(unit)};
    frame.insert(frame.end(), request.begin(), request.end());
    return modbus_set_slave(context_.get(), unit) == 0 &&
           modbus_send_raw_request(context_.get(), frame.data(), static_cast<int>(frame.size())) > 0;
}

bool ModbusRegisters::send_tcp(int unit, const Bytes& request) {
    ++transaction_;
    const auto length = request.size() + 1;
    Bytes frame{static_cast<std::uint8_t>(transaction_ >> 8),
                static_cast<std::uint8_t>(transaction_ & 0xFF),
                0,
                0,
                static_cast<std::uint8_t>(length >> 8),
                static_cast<std::uint8_t>(length & 0xFF),
                static_cast<std::uint8_t>(unit)};
    frame.insert(frame.end(), request.begin(), request.end());
    const auto sent =
        ::send(modbus_get_socket(context_.get()), frame.data(), frame.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    return sent == static_cast<ssize_t>(frame.size());
}

std::optional<ExchangeError> ModbusRegisters::wait_for_answer(SteadyTime deadline) {
    switch (interrupt_.wait(modbus_get_socket(context_.get()), POLLIN, deadline)) {
        case Interrupt::Woken::ready:
            return std::nullopt;
        case Interrupt::Woken::interrupted:
            return failure(Errc::cancelled, stopped().detail);
        default:
            return failure(Errc::timeout, "no answer; check power, wiring and unit id");
    }
}

Exchange<Bytes> ModbusRegisters::receive(int unit, SteadyTime deadline) {
    std::array<std::uint8_t, MODBUS_MAX_ADU_LENGTH> frame{};
    bool others_answered = false;
    for (;;) {
        if (auto error = wait_for_answer(deadline)) {
            return others_answered && error->code == Errc::timeout ? foreign_answer() : *error;
        }
        const int received = modbus_receive_confirmation(context_.get(), frame.data());
        if (received < 0) return broken_off(errno);
        if (frame[frames_are_rtu() ? 0 : tcp_header - 1] != unit) {
            // Late, or a second time, to a question from before: our own answer is still to come.
            others_answered = frames_are_rtu() && is_intact_answer(frame);
            if (others_answered && now() < deadline) continue;
            return foreign_answer();
        }
        if (frames_are_rtu()) return Bytes(frame.begin() + 1, frame.begin() + std::max(received - 2, 1));
        const int transaction = frame[0] << 8 | frame[1];
        if (transaction == transaction_) return Bytes(frame.begin() + tcp_header, frame.begin() + received);
        // The late answer to an earlier request: our own is still to come.
    }
}

ExchangeError ModbusRegisters::broken_off(int error) {
    switch (error) {
        case ETIMEDOUT:
            return failure(Errc::garbled, "the answer broke off");
        case EMBBADCRC:
            return failure(Errc::garbled,
                           "the answer's checksum is wrong; check shielding, termination, baud and parity");
        case EMBBADDATA:
            return failure(Errc::garbled, "the answer breaks the protocol");
        default:
            return failure(
                Errc::unreachable,
                fmt::format("the connection was closed: {}", std::generic_category().message(error)),
                is_on_tcp());
    }
}

}  // namespace busbar::adapters

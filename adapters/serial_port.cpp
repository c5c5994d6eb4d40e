// SPDX-License-Identifier: Apache-2.0
// termios and non-blocking reads and writes.
#include "adapters/serial_port.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "adapters/serial_device.hpp"

namespace busbar::adapters {
namespace {

constexpr milliseconds longest_send{1000};  // beyond the wire's time
constexpr tcflag_t frame_flags = CSIZE | CSTOPB | PARENB | PARODD;

struct Baud {
    int rate;
    speed_t code;
};
constexpr std::array<Baud, 8> bauds{{{1200, B1200},
                                     {2400, B2400},
                                     {4800, B4800},
                                     {9600, B9600},
                                     {19200, B19200},
                                     {38400, B38400},
                                     {57600, B57600},
                                     {115200, B115200}}};

tcflag_t flags_of(const Frame& frame, int stop_bits) {
    tcflag_t flags = frame.data_bits == 7 ? CS7 : CS8;
    if (stop_bits == 2) flags |= CSTOPB;
    if (frame.parity != config::Parity::none) flags |= PARENB;
    if (frame.parity == config::Parity::odd) flags |= PARODD;
    return flags;
}

/// 0 or an errno. tcsetattr is content when any of the settings was taken: they are read back.
int set_line(int fd, const config::Bus& bus, const Frame& frame) {
    const auto* baud =
        std::find_if(bauds.begin(), bauds.end(), [&](const Baud& each) { return each.rate == bus.baud; });
    if (baud == bauds.end()) return EINVAL;
    termios line{};
    if (::tcgetattr(fd, &line) != 0) return errno;
    ::cfmakeraw(&line);
    const auto flags = flags_of(frame, bus.stop_bits);
    line.c_cflag &= ~(frame_flags | tcflag_t{CRTSCTS | HUPCL});
    line.c_cflag |= flags | CLOCAL | CREAD;
    if (::cfsetspeed(&line, baud->code) != 0 || ::tcsetattr(fd, TCSANOW, &line) != 0) return errno;
    termios taken{};
    if (::tcgetattr(fd, &taken) != 0) return errno;
    const bool same = (taken.c_cflag & frame_flags) == flags && ::cfgetospeed(&taken) == baud->code;
    return same ? 0 : EINVAL;
}

SteadyEpoch::duration wire_time(const config::Bus& bus, std::size_t bytes) {
    const int bits = 1 + bus.data_bits + bus.stop_bits + (bus.parity == config::Parity::none ? 0 : 1);
    return std::chrono::microseconds(bytes * static_cast<std::size_t>(bits) * 1'000'000 /
                                     static_cast<std::size_t>(bus.baud));
}

ExchangeError failure(Errc code, std::string detail) {
    return {{code, std::move(detail)}, 0, false};
}

}  // namespace

SerialPort::SerialPort(config::Bus bus, const Log& log)
    : settings_(std::move(bus)), log_(log), attempts_(log) {}

SerialPort::~SerialPort() {
    close();
}

void SerialPort::close() {
    if (fd_ < 0) return;
    ::ioctl(fd_, TIOCNXCL);
    ::close(std::exchange(fd_, -1));
}

Result<SteadyTime> SerialPort::open() {
    const auto now = steady_now();
    if (interrupt_.wait(-1, 0, now) == Interrupt::Woken::interrupted) return stopped();
    if (fd_ >= 0) return opened_at_;
    if (auto error = attempts_.too_soon(now)) return *error;
    const auto fd = open_device();
    if (!fd) return attempts_.failed(fd.error(), now);
    attempts_.succeeded(now);
    fd_ = *fd;
    opened_at_ = now;
    return opened_at_;
}

Result<int> SerialPort::open_device() {
    const int fd = ::open(settings_.device.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) return serial_error(settings_.device, errno);
    if (const int error = set_line(fd, settings_, usable_frame(settings_, log_, told_about_frame_));
        error != 0) {
        ::close(fd);
        return serial_error(settings_.device, error);
    }
    // A pseudo terminal that its other end keeps open would stay locked after our death.
    if (!is_pseudo_terminal(settings_.device)) ::ioctl(fd, TIOCEXCL);
    use_kernel_direction(fd);
    ::tcflush(fd, TCIFLUSH);
    return fd;
}

Exchange<void> SerialPort::wait(short events, SteadyTime deadline) {
    if (fd_ < 0) return failure(Errc::unreachable, "the line is not open");
    switch (interrupt_.wait(fd_, events, deadline)) {
        case Interrupt::Woken::ready:
            return {};
        case Interrupt::Woken::interrupted:
            return failure(Errc::cancelled, stopped().detail);
        default:
            return failure(Errc::timeout, "no answer; check power and wiring");
    }
}

ExchangeError SerialPort::lost(int error) {
    close();
    return failure(Errc::unreachable, fmt::format("{} is gone ({}); plug the adapter in again",
                                                  settings_.device, std::generic_category().message(error)));
}

Exchange<SteadyTime> SerialPort::send(std::string_view bytes) {
    const auto left_by = [&] { return steady_now() + wire_time(settings_, bytes.size()); };
    const auto deadline = left_by() + longest_send;
    const auto done_at = left_by();
    while (!bytes.empty()) {
        if (const auto ready = wait(POLLOUT, deadline); !ready) return ready.error();
        const auto count = ::write(fd_, bytes.data(), bytes.size());
        if (count > 0) bytes.remove_prefix(static_cast<std::size_t>(count));
        if (count < 0 && errno != EAGAIN && errno != EINTR) return lost(errno);
    }
    return done_at;
}

Exchange<std::string> SerialPort::receive(SteadyTime deadline) {
    std::string bytes(512, '\0');
    for (;;) {
        if (const auto ready = wait(POLLIN, deadline); !ready) return ready.error();
        const auto count = ::read(fd_, bytes.data(), bytes.size());
        if (count > 0) {
            bytes.resize(static_cast<std::size_t>(count));
            return bytes;
        }
        if (count == 0) return lost(EIO);  // hung up
        if (errno != EAGAIN && errno != EINTR) return lost(errno);
        if (steady_now() >= deadline) return failure(Errc::timeout, "no answer; check power and wiring");
    }
}

}  // namespace busbar::adapters

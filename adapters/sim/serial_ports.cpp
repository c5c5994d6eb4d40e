// SPDX-License-Identifier: Apache-2.0
// The pty and the serial device.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <termios.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "adapters/sim/key_values.hpp"
#include "adapters/sim/ports.hpp"

namespace busbar::sim {

namespace {

struct Baud {
    int rate;
    speed_t code;
};

constexpr std::array bauds{Baud{1200, B1200},   Baud{2400, B2400},    Baud{4800, B4800},
                           Baud{9600, B9600},   Baud{19200, B19200},  Baud{38400, B38400},
                           Baud{57600, B57600}, Baud{115200, B115200}};

const Baud* find_baud(int rate) {
    const auto* found =
        std::find_if(bauds.begin(), bauds.end(), [rate](const Baud& baud) { return baud.rate == rate; });
    return found == bauds.end() ? nullptr : found;
}

Error system_error(const std::string& what) {
    return Error{Errc::io, fmt::format("{}: {}", what, std::strerror(errno))};
}

Result<void> place_link(const std::string& link, const std::string& device) {
    struct stat found {};
    if (::lstat(link.c_str(), &found) == 0) {
        if (!S_ISLNK(found.st_mode)) {
            return Error{Errc::invalid, fmt::format("{} is there and is no link; choose another path", link)};
        }
        ::unlink(link.c_str());
    }
    if (::symlink(device.c_str(), link.c_str()) != 0) {
        return system_error("cannot make the link " + link);
    }
    return {};
}

bool set_line(int fd, speed_t speed, char parity) {
    termios line{};
    if (::tcgetattr(fd, &line) != 0) {
        return false;
    }
    ::cfmakeraw(&line);
    line.c_cflag |= CLOCAL | CREAD;
    line.c_cflag &= ~static_cast<tcflag_t>(CSTOPB | PARENB | PARODD | CRTSCTS);
    if (parity != 'N') {
        line.c_cflag |= PARENB;
    }
    if (parity == 'O') {
        line.c_cflag |= PARODD;
    }
    return ::cfsetspeed(&line, speed) == 0 && ::tcsetattr(fd, TCSANOW, &line) == 0;
}

}  // namespace

Result<Pty> open_pty(const std::string& link) {
    Descriptor master(::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
    std::array<char, 128> name{};
    if (!master.open() || ::grantpt(master.fd()) != 0 || ::unlockpt(master.fd()) != 0 ||
        ::ptsname_r(master.fd(), name.data(), name.size()) != 0) {
        return system_error("cannot open a pty");
    }
    const std::string device = name.data();
    Descriptor slave(::open(device.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC));
    if (!slave.open() || !set_line(slave.fd(), B19200, 'N')) {
        return system_error("cannot open " + device);
    }
    if (const auto placed = place_link(link, device); !placed) {
        return placed.error();
    }
    return Pty{std::move(master), std::move(slave), device, OwnPath(link)};
}

Result<SerialSettings> parse_serial(std::string_view text) {
    SerialSettings settings;
    const auto next = [&text] {
        const std::string_view part = text.substr(0, text.find(','));
        text.remove_prefix(std::min(text.size(), part.size() + 1));
        return part;
    };
    settings.device = next();
    if (const auto baud = next(); !baud.empty()) {
        const auto rate = to_number(baud, 0, 1'000'000);
        if (!rate || find_baud(int(*rate)) == nullptr) {
            return Error{Errc::invalid, fmt::format("'{}' is no usual baud rate; 9600, 19200 ... are", baud)};
        }
        settings.baud = int(*rate);
    }
    if (const auto parity = next(); !parity.empty()) {
        if (parity != "N" && parity != "E" && parity != "O") {
            return Error{Errc::invalid, fmt::format("parity '{}' is none of N, E, O", parity)};
        }
        settings.parity = parity[0];
    }
    if (settings.device.empty() || !text.empty()) {
        return Error{Errc::invalid, "a serial device is written DEVICE[,BAUD[,PARITY]]"};
    }
    return settings;
}

Result<Descriptor> open_serial(const SerialSettings& settings) {
    Descriptor device(::open(settings.device.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
    const Baud* baud = find_baud(settings.baud);
    if (!device.open() || baud == nullptr || !set_line(device.fd(), baud->code, settings.parity)) {
        return system_error("cannot open the serial device " + settings.device);
    }
    return device;
}

}  // namespace busbar::sim

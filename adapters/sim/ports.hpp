// SPDX-License-Identifier: Apache-2.0
// Where the line meets the machine: a pty with a link to it, a serial device, a TCP port, the control socket.
// Everything opened here is non-blocking; an Error names the device and has the system's words.
#pragma once

#include <string>

#include "adapters/sim/descriptor.hpp"
#include "gateway/base/result.hpp"

namespace busbar::sim {

/// A path of ours in the file system, removed at the end.
class OwnPath {
  public:
    OwnPath() = default;
    explicit OwnPath(std::string path) : path_(std::move(path)) {}
    OwnPath(OwnPath&& other) noexcept : path_(std::exchange(other.path_, {})) {}
    OwnPath& operator=(OwnPath&& other) noexcept {
        std::swap(path_, other.path_);
        return *this;
    }
    OwnPath(const OwnPath&) = delete;
    OwnPath& operator=(const OwnPath&) = delete;
    ~OwnPath() {
        if (!path_.empty()) {
            ::unlink(path_.c_str());
        }
    }

  private:
    std::string path_;
};

struct Pty {
    Descriptor master;  ///< the box's end
    Descriptor slave;   ///< kept open, so that the master never hangs up between two visits of the gateway
    std::string device;
    OwnPath link;
};

/// A pty pair in raw mode, `link` pointing to its slave. An older link is replaced, any other file is not.
Result<Pty> open_pty(const std::string& link);

struct SerialSettings {
    std::string device;
    int baud = 19200;
    char parity = 'E';  ///< N, E or O; one stop bit
};

/// DEVICE[,BAUD[,PARITY]]
Result<SerialSettings> parse_serial(std::string_view text);

Result<Descriptor> open_serial(const SerialSettings& settings);

struct TcpAddress {
    std::string host;  ///< name or address; empty: every address of the machine
    int port = 0;      ///< 0 lets the system choose
};

/// HOST:PORT, an IPv6 address in brackets.
Result<TcpAddress> parse_tcp(std::string_view text);

struct TcpListener {
    Descriptor socket;
    int port;
};

Result<TcpListener> listen_tcp(const TcpAddress& address);

/// A bound UDP socket.
Result<TcpListener> bind_udp(const TcpAddress& address);

struct ControlListener {
    Descriptor socket;
    OwnPath path;
};

/// Mode 0600. A socket that nobody listens on any more is replaced.
Result<ControlListener> listen_control(const std::string& path);

/// Empty: nobody is waiting.
Descriptor accept_client(const Descriptor& listener);

}  // namespace busbar::sim

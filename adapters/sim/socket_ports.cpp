// SPDX-License-Identifier: Apache-2.0
// The TCP port, the UDP port and the control socket.
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

#include "adapters/sim/key_values.hpp"
#include "adapters/sim/ports.hpp"

namespace busbar::sim {

namespace {

constexpr int most_waiting = 8;

Error system_error(const std::string& what) {
    return Error{Errc::io, fmt::format("{}: {}", what, std::strerror(errno))};
}

Descriptor bind_and_listen(const addrinfo& address) {
    Descriptor socket(
        ::socket(address.ai_family, address.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, address.ai_protocol));
    const int on = 1;
    if (!socket.open() || ::setsockopt(socket.fd(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        ::bind(socket.fd(), address.ai_addr, address.ai_addrlen) != 0 ||
        (address.ai_socktype == SOCK_STREAM && ::listen(socket.fd(), most_waiting) != 0)) {
        return {};
    }
    return socket;
}

int bound_port(const Descriptor& socket) {
    sockaddr_storage address{};
    socklen_t length = sizeof address;
    std::array<char, NI_MAXSERV> service{};
    ::getsockname(socket.fd(), reinterpret_cast<sockaddr*>(&address), &length);
    ::getnameinfo(reinterpret_cast<sockaddr*>(&address), length, nullptr, 0, service.data(), service.size(),
                  NI_NUMERICSERV);
    return static_cast<int>(to_number(service.data(), 0, 65'535).value());
}

Result<TcpListener> open_socket(const TcpAddress& address, int type) {
    addrinfo hints{};
    hints.ai_socktype = type;
    hints.ai_flags = AI_PASSIVE;
    addrinfo* raw = nullptr;
    const int failure = ::getaddrinfo(address.host.empty() ? nullptr : address.host.c_str(),
                                      std::to_string(address.port).c_str(), &hints, &raw);
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> found(raw, ::freeaddrinfo);
    if (failure != 0) {
        return Error{Errc::unreachable, fmt::format("{}: {}", address.host, ::gai_strerror(failure))};
    }
    Descriptor socket = bind_and_listen(*found);
    if (!socket.open()) {
        return system_error(fmt::format("cannot listen on {} port {}", address.host, address.port));
    }
    const int port = bound_port(socket);
    return TcpListener{std::move(socket), port};
}

bool somebody_listens(const sockaddr_un& address) {
    const Descriptor probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    return ::connect(probe.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

}  // namespace

Result<TcpAddress> parse_tcp(std::string_view text) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos) {
        return Error{Errc::invalid, fmt::format("'{}' is not of the form HOST:PORT", text)};
    }
    std::string_view host = text.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) {
        host = host.substr(1, host.size() - 2);
    }
    const auto port = to_number(text.substr(colon + 1), 0, 65'535);
    if (!port) {
        return port.error();
    }
    return TcpAddress{std::string(host), int(*port)};
}

Result<TcpListener> listen_tcp(const TcpAddress& address) {
    return open_socket(address, SOCK_STREAM);
}

Result<TcpListener> bind_udp(const TcpAddress& address) {
    return open_socket(address, SOCK_DGRAM);
}

Result<ControlListener> listen_control(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.empty() || path.size() >= sizeof address.sun_path) {
        return Error{Errc::invalid, fmt::format("a control socket's path has 1 to {} characters: '{}'",
                                                sizeof address.sun_path - 1, path)};
    }
    std::memcpy(&address.sun_path[0], path.data(), path.size());
    if (somebody_listens(address)) {
        return Error{Errc::invalid, path + " is another simulator's control socket"};
    }
    struct stat found {};
    if (::lstat(path.c_str(), &found) == 0 && S_ISSOCK(found.st_mode)) {
        ::unlink(path.c_str());
    }
    Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    const mode_t usual = ::umask(0177);
    const bool bound = socket.open() &&
                       ::bind(socket.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    ::umask(usual);
    if (!bound) {
        return system_error("cannot make the control socket " + path);
    }
    OwnPath own(path);
    if (::listen(socket.fd(), most_waiting) != 0) {
        return system_error("cannot listen on the control socket " + path);
    }
    return ControlListener{std::move(socket), std::move(own)};
}

Descriptor accept_client(const Descriptor& listener) {
    Descriptor client(::accept4(listener.fd(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    const int on = 1;
    ::setsockopt(client.fd(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);  // fails harmlessly on a Unix socket
    return client;
}

}  // namespace busbar::sim

// SPDX-License-Identifier: Apache-2.0
// The name first, then a non-blocking connect to each address in turn.
#include "adapters/tcp_dialer.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace busbar::adapters {

namespace {

constexpr int unacknowledged_ms = 5000;  // a dead peer ends the connection instead of TCP's 15 minutes

void tune(int fd) {
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ::setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &unacknowledged_ms, sizeof unacknowledged_ms);
}

int finished_connect_error(int fd) {
    int error = 0;
    socklen_t size = sizeof error;
    return ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

/// 0 or the errno of the failed connect; ECANCELED when interrupted.
int connect_within(int fd, const addrinfo& address, const Interrupt& interrupt, SteadyTime deadline) {
    if (::connect(fd, address.ai_addr, address.ai_addrlen) == 0) return 0;
    if (errno != EINPROGRESS) return errno;
    switch (interrupt.wait(fd, POLLOUT, deadline)) {
        case Interrupt::Woken::ready:
            return finished_connect_error(fd);
        case Interrupt::Woken::interrupted:
            return ECANCELED;
        default:
            return ETIMEDOUT;
    }
}

}  // namespace

TcpDialer::TcpDialer(std::string host, int port) : lookup_(std::move(host), port, SOCK_STREAM) {}

Result<int> TcpDialer::dial(const Interrupt& interrupt, milliseconds deadline) {
    const auto end = steady_now() + deadline;
    const auto addresses = lookup_.addresses(interrupt, end);
    if (!addresses) return addresses.error();
    int error = EADDRNOTAVAIL;
    for (const auto* address = *addresses; address != nullptr; address = address->ai_next) {
        const int fd = ::socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (fd < 0) {
            error = errno;
            continue;
        }
        error = connect_within(fd, *address, interrupt, end);
        if (error == 0) {
            tune(fd);
            lookup_.forget();
            return fd;
        }
        ::close(fd);
    }
    lookup_.forget();
    if (error == ECANCELED) return stopped();
    return Error{Errc::unreachable, fmt::format("{}:{}: {}", lookup_.host(), lookup_.port(),
                                                std::generic_category().message(error))};
}

}  // namespace busbar::adapters

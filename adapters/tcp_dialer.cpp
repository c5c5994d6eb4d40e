// SPDX-License-Identifier: Apache-2.0
// getaddrinfo_a for the name, then a non-blocking connect to each address in turn.
#include "adapters/tcp_dialer.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <ctime>
#include <system_error>
#include <utility>

namespace busbar::adapters {

/// Heap memory that glibc's resolver thread writes to until the request is done.
struct TcpDialer::Lookup {
    std::string host;
    std::string port;
    addrinfo hints{};
    gaicb request{};

    Lookup(std::string host_name, std::string port_number)
        : host(std::move(host_name)), port(std::move(port_number)) {
        hints.ai_socktype = SOCK_STREAM;
        request.ar_name = host.c_str();
        request.ar_service = port.c_str();
        request.ar_request = &hints;
    }
    Lookup(const Lookup&) = delete;
    Lookup& operator=(const Lookup&) = delete;
    ~Lookup() {
        if (request.ar_result) ::freeaddrinfo(request.ar_result);
    }
};

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

TcpDialer::TcpDialer(std::string host, int port) : host_(std::move(host)), port_(std::to_string(port)) {}

TcpDialer::~TcpDialer() {
    if (!lookup_ || ::gai_cancel(&lookup_->request) != EAI_NOTCANCELED) return;
    // The resolver still writes to it: better one lost block at the stop than a write into freed memory.
    [[maybe_unused]] const auto* left_to_the_resolver = lookup_.release();
}

Result<addrinfo*> TcpDialer::look_up(const Interrupt& interrupt, SteadyTime deadline) {
    if (!lookup_) {
        lookup_ = std::make_unique<Lookup>(host_, port_);
        std::array<gaicb*, 1> list{&lookup_->request};
        if (::getaddrinfo_a(GAI_NOWAIT, list.data(), 1, nullptr) != 0) {
            lookup_.reset();
            return Error{Errc::io, fmt::format("{}: the name lookup could not be started", host_)};
        }
    }
    const std::array<const gaicb*, 1> list{&lookup_->request};
    while (::gai_error(&lookup_->request) == EAI_INPROGRESS) {
        if (interrupt.wait(-1, 0, steady_now()) == Interrupt::Woken::interrupted) return stopped();
        if (steady_now() >= deadline)
            return Error{Errc::unreachable, fmt::format("{}: the name lookup takes long", host_)};
        const timespec slice{0, 50'000'000};
        ::gai_suspend(list.data(), 1, &slice);
    }
    if (const int error = ::gai_error(&lookup_->request); error != 0) {
        lookup_.reset();
        return Error{Errc::unreachable, fmt::format("{}: {}; an address instead of a name always works",
                                                    host_, ::gai_strerror(error))};
    }
    return lookup_->request.ar_result;
}

Result<int> TcpDialer::dial(const Interrupt& interrupt, milliseconds deadline) {
    const auto end = steady_now() + deadline;
    const auto addresses = look_up(interrupt, end);
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
            lookup_.reset();
            return fd;
        }
        ::close(fd);
    }
    lookup_.reset();
    if (error == ECANCELED) return stopped();
    return Error{Errc::unreachable,
                 fmt::format("{}:{}: {}", host_, port_, std::generic_category().message(error))};
}

}  // namespace busbar::adapters

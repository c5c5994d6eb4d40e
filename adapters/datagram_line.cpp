// SPDX-License-Identifier: Apache-2.0
// A connected UDP socket on a shared port.
#include "adapters/datagram_line.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace busbar::adapters {
namespace {

constexpr milliseconds lookup_deadline{1500};
constexpr std::uint16_t answer_port = 7090;  // KEBA KeContact UDP programmer's guide

std::string words(int error) {
    return std::generic_category().message(error);
}

struct LocalAddress {
    sockaddr_storage storage{};
    socklen_t size = 0;
};

/// `text` is an IP address of this family, or empty for every address of the machine.
std::optional<LocalAddress> local_address(int family, const std::string& text, std::uint16_t port) {
    LocalAddress local;
    if (family == AF_INET6) {
        sockaddr_in6 address{};
        address.sin6_family = AF_INET6;
        address.sin6_port = htons(port);
        if (!text.empty() && ::inet_pton(AF_INET6, text.c_str(), &address.sin6_addr) != 1)
            return std::nullopt;
        local.size = sizeof address;
        std::memcpy(&local.storage, &address, sizeof address);
        return local;
    }
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    if (!text.empty() && ::inet_pton(AF_INET, text.c_str(), &address.sin_addr) != 1) return std::nullopt;
    local.size = sizeof address;
    std::memcpy(&local.storage, &address, sizeof address);
    return local;
}

/// 0 or an errno.
int bind_at(int fd, const LocalAddress& local) {
    return ::bind(fd, reinterpret_cast<const sockaddr*>(&local.storage), local.size) == 0 ? 0 : errno;
}

}  // namespace

DatagramLine::DatagramLine(config::Bus bus, TraceTap tap, const Log& log)
    : FrameLine(bus.id, std::move(tap), &steady_now),
      settings_(std::move(bus)),
      log_(log.with("bus", settings_.id)),
      lookup_(settings_.host, settings_.port, SOCK_DGRAM),
      attempts_(log_) {}

DatagramLine::~DatagramLine() {
    if (fd_ >= 0) ::close(fd_);
}

Result<SteadyTime> DatagramLine::open() {
    if (interrupt_.wait(-1, 0, now()) == Interrupt::Woken::interrupted) return stopped();
    if (fd_ >= 0) return opened_at_;
    if (auto error = attempts_.too_soon(now())) return *error;
    const auto fd = connect();
    if (!fd) return attempts_.failed(fd.error(), now(), between_attempts());
    attempts_.succeeded(now(), between_attempts());
    fd_ = *fd;
    opened_at_ = now();
    return opened_at_;
}

Result<int> DatagramLine::connect() {
    const auto peers = lookup_.addresses(interrupt_, now() + lookup_deadline);
    if (!peers) return peers.error();
    Result<int> fd = Error{Errc::unreachable, settings_.host + " has no address"};
    for (const auto* peer = *peers; peer != nullptr && !fd; peer = peer->ai_next) fd = connect_to(*peer);
    lookup_.forget();
    return fd;
}

Result<int> DatagramLine::connect_to(const addrinfo& peer) {
    const int fd = ::socket(peer.ai_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return Error{Errc::io, "no UDP socket: " + words(errno)};
    auto bound = bind_to(fd, peer.ai_family);
    if (bound && ::connect(fd, peer.ai_addr, peer.ai_addrlen) != 0) {
        bound = Error{Errc::unreachable, fmt::format("{}: {}", settings_.host, words(errno))};
    }
    if (bound) return fd;
    ::close(fd);
    return bound.error();
}

Result<void> DatagramLine::bind_to(int fd, int family) {
    const int on = 1;
    ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    ::setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
    auto local = local_address(family, settings_.local_address, answer_port);
    if (!local) {
        return Error{Errc::unreachable, fmt::format("{} cannot reach {}: one is IPv4, the other IPv6",
                                                    settings_.local_address, settings_.host)};
    }
    const int error = bind_at(fd, *local);
    if (error == 0) return {};
    if (error == EADDRNOTAVAIL) {
        return Error{Errc::unreachable,
                     fmt::format("{} is no address of this machine; correct buses[].local_address",
                                 settings_.local_address)};
    }
    if (!std::exchange(told_about_port_, true)) {
        log_.warning("answer_port_taken",
                     fmt::format("port {} cannot be used ({}): chargers that answer only to it will seem "
                                 "silent; stop the program that holds it",
                                 answer_port, words(error)));
    }
    local = local_address(family, settings_.local_address, 0);
    if (const int again = bind_at(fd, *local); again != 0) return Error{Errc::io, words(again)};
    return {};
}

ExchangeError DatagramLine::broken(int error) const {
    if (error == ECONNREFUSED) {
        return {{Errc::unreachable,
                 fmt::format("{}:{} refuses datagrams; is the charger's UDP interface switched on?",
                             settings_.host, settings_.port)}};
    }
    return {{Errc::unreachable, fmt::format("{}: {}", settings_.host, words(error))}};
}

Exchange<SteadyTime> DatagramLine::transmit(std::string_view bytes) {
    if (fd_ < 0) return ExchangeError{{Errc::unreachable, "the line is not open"}};
    auto sent = ::send(fd_, bytes.data(), bytes.size(), 0);
    // The refusal of an earlier datagram is told at the next call.
    if (sent < 0 && errno == ECONNREFUSED) sent = ::send(fd_, bytes.data(), bytes.size(), 0);
    if (sent < 0) return broken(errno);
    return now();
}

Exchange<std::string> DatagramLine::receive(SteadyTime deadline) {
    if (fd_ < 0) return ExchangeError{{Errc::unreachable, "the line is not open"}};
    std::string message(kLongestMessage, '\0');
    for (;;) {
        switch (interrupt_.wait(fd_, POLLIN, deadline)) {
            case Interrupt::Woken::interrupted:
                return ExchangeError{stopped()};
            case Interrupt::Woken::timeout:
                return ExchangeError{{Errc::timeout, "no answer; check the charger's network"}};
            default:
                break;
        }
        const auto count = ::recv(fd_, message.data(), message.size(), 0);
        if (count > 0) {
            message.resize(static_cast<std::size_t>(count));
            return message;
        }
        if (count < 0 && errno != EAGAIN && errno != EINTR) return broken(errno);
        if (now() >= deadline)
            return ExchangeError{{Errc::timeout, "no answer; check the charger's network"}};
    }
}

}  // namespace busbar::adapters

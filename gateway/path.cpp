// SPDX-License-Identifier: Apache-2.0
#include "gateway/path.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>

namespace busbar::gateway {
namespace {

struct Option {
    int level;
    int name;
    int value;
};

}  // namespace

boost::system::error_code prepare(boost::asio::ip::tcp::socket& socket, const Path& path) {
    // Pings find a dead peer; keep-alive and the limit on unacknowledged data are the backstop.
    const std::array<Option, 6> options{{
        {IPPROTO_TCP, TCP_NODELAY, 1},
        {SOL_SOCKET, SO_KEEPALIVE, 1},
        {IPPROTO_TCP, TCP_KEEPIDLE, static_cast<int>(path.keep_alive.count())},
        {IPPROTO_TCP, TCP_KEEPINTVL, 5},
        {IPPROTO_TCP, TCP_KEEPCNT, 3},
        {IPPROTO_TCP, TCP_USER_TIMEOUT, static_cast<int>(path.user_timeout.count())},
    }};
    const int fd = socket.native_handle();
    for (const Option& option : options) {
        setsockopt(fd, option.level, option.name, &option.value, sizeof option.value);
    }
    if (path.device.empty()) return {};
    const auto length = static_cast<socklen_t>(path.device.size());
    const bool bound = setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, path.device.data(), length) == 0;
    return bound ? boost::system::error_code()
                 : boost::system::error_code(errno, boost::system::system_category());
}

}  // namespace busbar::gateway

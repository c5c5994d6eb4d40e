// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/passed_sockets.hpp"

#include <fcntl.h>
#include <systemd/sd-daemon.h>

#include <cstdlib>

namespace busbar::gateway {

PassedSockets PassedSockets::take(const Log& log) {
    PassedSockets sockets;
    char** names = nullptr;
    const int count = sd_listen_fds_with_names(0, &names);
    for (int i = 0; i < count; ++i) {
        const std::string name = names[i];
        const int descriptor = SD_LISTEN_FDS_START + i;
        std::free(names[i]);
        if (sd_is_socket_inet(descriptor, AF_UNSPEC, SOCK_STREAM, 1, 0) > 0) {
            sockets.descriptors_.emplace(name, descriptor);
        } else {
            log.warning("passed_socket_refused", "It is no listening TCP socket.", {{"name", name}});
        }
    }
    std::free(static_cast<void*>(names));
    return sockets;
}

std::optional<int> PassedSockets::copy(const std::string& name) const {
    const auto found = descriptors_.find(name);
    if (found == descriptors_.end()) return std::nullopt;
    const int own = ::fcntl(found->second, F_DUPFD_CLOEXEC, SD_LISTEN_FDS_START);
    return own < 0 ? std::nullopt : std::optional(own);
}

}  // namespace busbar::gateway

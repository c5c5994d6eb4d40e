// SPDX-License-Identifier: Apache-2.0
// Listening sockets that systemd opened for us: low ports without a privilege.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "gateway/base/log.hpp"

namespace busbar::gateway {

/// By the name that the socket unit gives them (FileDescriptorName=). They stay open as long as the process,
/// so that a listener can be closed and made again.
class PassedSockets {
  public:
    /// Of this process's environment (sd_listen_fds(3)). One that is no listening TCP socket is left out and
    /// logged.
    static PassedSockets take(const Log& log);

    [[nodiscard]] bool has(const std::string& name) const { return descriptors_.contains(name); }
    /// The caller's own. nullopt: none of that name was passed, or no descriptor is left.
    [[nodiscard]] std::optional<int> copy(const std::string& name) const;

  private:
    std::map<std::string, int> descriptors_;
};

}  // namespace busbar::gateway

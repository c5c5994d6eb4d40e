// SPDX-License-Identifier: Apache-2.0
// A disk that takes nothing more, for as long as the object lives.
#pragma once

#include <sys/resource.h>

#include <csignal>

namespace busbar::gateway {

/// Files of this process cannot grow beyond `bytes`.
class FullDisk {
  public:
    explicit FullDisk(rlim_t bytes) {
        std::signal(SIGXFSZ, SIG_IGN);
        getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit now{bytes, before_.rlim_max};
        setrlimit(RLIMIT_FSIZE, &now);
    }
    ~FullDisk() { setrlimit(RLIMIT_FSIZE, &before_); }
    FullDisk(const FullDisk&) = delete;
    FullDisk& operator=(const FullDisk&) = delete;

  private:
    rlimit before_{};
};

}  // namespace busbar::gateway

// SPDX-License-Identifier: Apache-2.0
// Starts a program beside the gateway: no shell, no environment, no input, a group of its own.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "gateway/base/result.hpp"

namespace busbar::gateway {

struct Spawned {
    pid_t pid;  ///< of the program, and of its group
    int pidfd;  ///< readable once it has ended; the caller's to close
};

enum class ChildOutput { ours, none };  ///< where its standard output and error go

/// `words` begins with the program's path. Its signals are as a program expects them. Who starts it waits for
/// its end (waitpid), or a zombie stays. Error: Errc::io, it cannot be run.
Result<Spawned> spawn(std::vector<std::string> words, ChildOutput output);

}  // namespace busbar::gateway

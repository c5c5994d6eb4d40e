// SPDX-License-Identifier: Apache-2.0
#include "gateway/spawn.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

namespace busbar::gateway {
namespace {

/// 0, or errno.
int start(std::vector<std::string>& words, ChildOutput output, pid_t& pid) {
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    for (const int file : {STDOUT_FILENO, STDERR_FILENO}) {
        if (output == ChildOutput::none)
            posix_spawn_file_actions_addopen(&files, file, "/dev/null", O_WRONLY, 0);
    }
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes,
                             POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    std::vector<char*> arguments;
    arguments.reserve(words.size() + 1);
    for (auto& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    const std::array<char*, 1> environment{nullptr};
    const int failed =
        posix_spawn(&pid, arguments.front(), &files, &attributes, arguments.data(), environment.data());
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    return failed;
}

}  // namespace

Result<Spawned> spawn(std::vector<std::string> words, ChildOutput output) {
    pid_t pid = 0;
    int failed = start(words, output, pid);
    const int pidfd = failed == 0 ? static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)) : -1;
    if (failed == 0 && pidfd < 0) {
        failed = errno;
        ::kill(-pid, SIGKILL);
        ::waitpid(pid, nullptr, 0);
    }
    if (failed != 0)
        return Error{Errc::io, fmt::format("{} cannot be run: {}", words.front(), std::strerror(failed))};
    return Spawned{pid, pidfd};
}

}  // namespace busbar::gateway

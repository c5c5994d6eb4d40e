// SPDX-License-Identifier: Apache-2.0
#include "gateway/uplink/power_hook.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <cstring>
#include <memory>
#include <utility>

namespace busbar::gateway {
namespace {

namespace asio = boost::asio;

/// 0, or errno. The child's signals are as a program expects them, and it is the first of an own group.
int spawn(const std::string& program, const std::string& word, pid_t& pid) {
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
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
    std::string program_text = program;
    std::string word_text = word;
    const std::array<char*, 3> arguments{program_text.data(), word_text.data(), nullptr};
    const std::array<char*, 1> environment{nullptr};
    const int failed =
        posix_spawn(&pid, program.c_str(), &files, &attributes, arguments.data(), environment.data());
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    return failed;
}

Result<void> verdict(const std::string& program, int status, bool late) {
    if (late) return Error{Errc::timeout, fmt::format("{} did not end in time and was killed", program)};
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
    return Error{Errc::refused, WIFEXITED(status)
                                    ? fmt::format("{} ended with status {}", program, WEXITSTATUS(status))
                                    : fmt::format("{} was ended by signal {}", program, WTERMSIG(status))};
}

/// The child, until it has ended; keeps itself alive so long, so that no zombie stays.
struct Child : std::enable_shared_from_this<Child> {
    Child(asio::io_context& loop, int pidfd, pid_t id, std::string path)
        : ended(loop, pidfd), deadline(loop), pid(id), program(std::move(path)) {}

    void watch(milliseconds limit, std::function<void(const Result<void>&)> done) {
        deadline.expires_after(limit);
        deadline.async_wait([self = shared_from_this()](const auto& cancelled) {
            if (cancelled) return;
            self->late = true;
            ::kill(-self->pid, SIGKILL);
        });
        ended.async_wait(asio::posix::stream_descriptor::wait_read,
                         [self = shared_from_this(), done = std::move(done)](const auto&) {
                             int status = 0;
                             ::waitpid(self->pid, &status, 0);
                             self->deadline.cancel();
                             done(verdict(self->program, status, self->late));
                         });
    }

    asio::posix::stream_descriptor ended;
    asio::steady_timer deadline;
    pid_t pid;
    std::string program;
    bool late = false;
};

}  // namespace

void run_power_hook(asio::io_context& loop, const std::string& program, const std::string& word,
                    milliseconds limit, std::function<void(const Result<void>&)> done) {
    pid_t pid = 0;
    int failed = spawn(program, word, pid);
    const int pidfd = failed == 0 ? static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)) : -1;
    if (failed == 0 && pidfd < 0) {
        failed = errno;
        ::kill(-pid, SIGKILL);
        ::waitpid(pid, nullptr, 0);
    }
    if (failed != 0) {
        const Error error{Errc::io, fmt::format("{} cannot be run: {}", program, std::strerror(failed))};
        return asio::post(loop, [done = std::move(done), error] { done(error); });
    }
    std::make_shared<Child>(loop, pidfd, pid, program)->watch(limit, std::move(done));
}

}  // namespace busbar::gateway

// SPDX-License-Identifier: Apache-2.0
#include "gateway/box/child_process.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

namespace busbar::gateway {
namespace {

namespace asio = boost::asio;

/// 0, or errno. The child's signals are as a program expects them, and it is the first of an own group.
int spawn(std::vector<std::string> arguments, pid_t& pid) {
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    for (const int file : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        posix_spawn_file_actions_addopen(&files, file, "/dev/null", O_RDWR, 0);
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
    std::vector<char*> words;
    words.reserve(arguments.size() + 1);
    for (auto& argument : arguments) words.push_back(argument.data());
    words.push_back(nullptr);
    const std::array<char*, 1> environment{nullptr};
    const int failed =
        posix_spawn(&pid, words.front(), &files, &attributes, words.data(), environment.data());
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    return failed;
}

}  // namespace

/// Keeps itself alive until the program has ended, so that no zombie stays.
struct ChildProcess::Watch : std::enable_shared_from_this<Watch> {
    Watch(asio::io_context& loop, int pidfd, pid_t id, std::function<void(int)> told)
        : exited(loop, pidfd), pid(id), ended(std::move(told)) {}

    void begin() {
        exited.async_wait(asio::posix::stream_descriptor::wait_read,
                          [self = shared_from_this()](const auto&) {
                              int status = 0;
                              ::waitpid(self->pid, &status, 0);
                              if (auto tell = std::exchange(self->ended, {}))
                                  tell(WIFEXITED(status) ? WEXITSTATUS(status) : -1);
                          });
    }

    asio::posix::stream_descriptor exited;
    pid_t pid;
    std::function<void(int)> ended;
};

Result<std::unique_ptr<ChildProcess>> ChildProcess::start(asio::io_context& loop,
                                                          const std::vector<std::string>& arguments,
                                                          seconds at_most, std::function<void(int)> ended) {
    std::vector<std::string> all{"/usr/bin/setpriv", "--pdeathsig",    "TERM",
                                 "/usr/bin/timeout", "--kill-after=5", std::to_string(at_most.count())};
    all.insert(all.end(), arguments.begin(), arguments.end());
    pid_t pid = 0;
    int failed = spawn(std::move(all), pid);
    const int pidfd = failed == 0 ? static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)) : -1;
    if (failed == 0 && pidfd < 0) {
        failed = errno;
        ::kill(-pid, SIGKILL);
        ::waitpid(pid, nullptr, 0);
    }
    if (failed != 0) return Error{Errc::io, arguments.front() + " cannot be run: " + std::strerror(failed)};
    auto watch = std::make_shared<Watch>(loop, pidfd, pid, std::move(ended));
    watch->begin();
    return std::unique_ptr<ChildProcess>(new ChildProcess(std::move(watch)));
}

ChildProcess::~ChildProcess() {
    if (!watch_->ended) return;  // it has ended, and its number may be somebody else's
    watch_->ended = {};
    ::kill(watch_->pid, SIGTERM);  // timeout(1) hands it on, and kills what does not listen
}

}  // namespace busbar::gateway

// SPDX-License-Identifier: Apache-2.0
#include "gateway/update_helper/spawn.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>
#include <optional>

#include "gateway/update/files.hpp"

namespace busbar::update {
namespace {

constexpr std::size_t most_output = 64 * 1024;
constexpr milliseconds between_looks{20};
constexpr seconds after_term{10};

/// Nothing of the caller's. DPKG_FRONTEND_LOCKED: whoever starts dpkg here holds the front end's lock.
/// BUSBAR_DOWNGRADE: the package's own scripts let the older release back in; what is not a way back is
/// refused before dpkg is asked.
constexpr std::array<const char*, 7> environment{"PATH=/usr/sbin:/usr/bin:/sbin:/bin",
                                                 "HOME=/root",
                                                 "LC_ALL=C.UTF-8",
                                                 "DEBIAN_FRONTEND=noninteractive",
                                                 "DPKG_FRONTEND_LOCKED=1",
                                                 "BUSBAR_DOWNGRADE=1",
                                                 nullptr};

struct Actions {
    posix_spawn_file_actions_t files{};
    posix_spawnattr_t attributes{};
    Actions() {
        posix_spawn_file_actions_init(&files);
        posix_spawnattr_init(&attributes);
    }
    ~Actions() {
        posix_spawn_file_actions_destroy(&files);
        posix_spawnattr_destroy(&attributes);
    }
    Actions(const Actions&) = delete;
    Actions& operator=(const Actions&) = delete;
};

/// What the child does before it becomes the program: no input, signals as they were made, a group of its
/// own.
void prepare(Actions& actions, const Command& command, int output) {
    posix_spawn_file_actions_addopen(&actions.files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (output >= 0) posix_spawn_file_actions_adddup2(&actions.files, output, STDOUT_FILENO);
    posix_spawn_file_actions_addchdir_np(&actions.files,
                                         command.folder.empty() ? "/" : command.folder.c_str());
    sigset_t all;
    sigset_t none;
    sigfillset(&all);
    sigemptyset(&none);
    posix_spawnattr_setsigdefault(&actions.attributes, &all);
    posix_spawnattr_setsigmask(&actions.attributes, &none);
    posix_spawnattr_setflags(&actions.attributes,
                             POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
}

Result<pid_t> start(const Command& command, int output) {
    Actions actions;
    prepare(actions, command, output);
    std::vector<char*> words;
    for (const auto& word : command.words) words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    pid_t child = 0;
    const int error = ::posix_spawn(&child, words.front(), &actions.files, &actions.attributes, words.data(),
                                    const_cast<char* const*>(environment.data()));
    if (error != 0) return Error{Errc::io, command.words.front() + ": " + std::strerror(error)};
    return child;
}

/// What has come so far; a little time passes when nothing has.
void listen(const File& pipe, std::string& output) {
    if (!pipe.is_open()) return nap(between_looks);
    pollfd wait{pipe.get(), POLLIN, 0};
    if (::poll(&wait, 1, static_cast<int>(between_looks.count())) <= 0) return;
    std::array<char, 4096> bytes{};
    const auto size = ::read(pipe.get(), bytes.data(), bytes.size());
    if (size <= 0) return nap(between_looks);
    const auto room = most_output - std::min(output.size(), most_output);
    output.append(bytes.data(), std::min(static_cast<std::size_t>(size), room));
}

std::optional<int> code_of(pid_t child) {
    int status = 0;
    if (::waitpid(child, &status, WNOHANG) != child) return std::nullopt;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/// Listens until the child has ended; empty: it has not in time.
std::optional<int> wait_for(pid_t child, seconds patience, const File& pipe, std::string& output) {
    const auto deadline = steady_now() + patience;
    while (steady_now() < deadline) {
        if (const auto code = code_of(child)) return code;
        listen(pipe, output);
    }
    return std::nullopt;
}

/// What is left in the pipe of a child that has ended.
void drain(const File& pipe, std::string& output) {
    pollfd wait{pipe.get(), POLLIN, 0};
    for (auto before = output.size(); pipe.is_open() && ::poll(&wait, 1, 0) > 0; before = output.size()) {
        listen(pipe, output);
        if (output.size() == before) return;
    }
}

}  // namespace

void nap(milliseconds time) {
    const timespec wait{static_cast<time_t>(time.count() / 1000),
                        static_cast<long>(time.count() % 1000) * 1'000'000};
    ::nanosleep(&wait, nullptr);
}

Result<Ran> run_program(const Command& command) {
    std::array<int, 2> ends{-1, -1};
    if (command.capture && ::pipe2(ends.data(), O_CLOEXEC) != 0) {
        return Error{Errc::io, std::string("no pipe: ") + std::strerror(errno)};
    }
    const File pipe(ends[0]);
    File output_end(ends[1]);
    const auto child = start(command, ends[1]);
    if (!child) return child.error();
    output_end = File();
    Ran ran;
    auto code = wait_for(*child, command.patience, pipe, ran.output);
    const bool late = !code;
    if (late) ::kill(-*child, SIGTERM);
    if (late) code = wait_for(*child, after_term, pipe, ran.output);
    if (!code) ::kill(-*child, SIGKILL);
    if (!code) ::waitpid(*child, nullptr, 0);
    if (late) return Error{Errc::timeout, command.words.front() + " did not end in time"};
    drain(pipe, ran.output);
    ran.code = *code;
    return ran;
}

}  // namespace busbar::update

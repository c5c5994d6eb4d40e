// SPDX-License-Identifier: Apache-2.0
#include "gateway/box/child_process.hpp"

#include <sys/wait.h>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <csignal>
#include <utility>

#include "gateway/spawn.hpp"

namespace busbar::gateway {

namespace asio = boost::asio;

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
    const auto child = spawn(std::move(all), ChildOutput::none);
    if (!child) return child.error();
    auto watch = std::make_shared<Watch>(loop, child->pidfd, child->pid, std::move(ended));
    watch->begin();
    return std::unique_ptr<ChildProcess>(new ChildProcess(std::move(watch)));
}

ChildProcess::~ChildProcess() {
    if (!watch_->ended) return;  // it has ended, and its number may be somebody else's
    watch_->ended = {};
    ::kill(watch_->pid, SIGTERM);  // timeout(1) hands it on, and kills what does not listen
}

}  // namespace busbar::gateway

// SPDX-License-Identifier: Apache-2.0
#include "gateway/uplink/power_hook.hpp"

#include <fmt/format.h>
#include <sys/wait.h>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <memory>
#include <utility>

#include "gateway/spawn.hpp"

namespace busbar::gateway {
namespace {

namespace asio = boost::asio;

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
    const auto child = spawn({program, word}, ChildOutput::ours);
    if (!child) return asio::post(loop, [done = std::move(done), error = child.error()] { done(error); });
    std::make_shared<Child>(loop, child->pidfd, child->pid, program)->watch(limit, std::move(done));
}

}  // namespace busbar::gateway

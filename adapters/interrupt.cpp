// SPDX-License-Identifier: Apache-2.0
// An eventfd beside the descriptor that is waited for.
#include "adapters/interrupt.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <ctime>

namespace busbar::adapters {
namespace {

timespec until(SteadyTime deadline) {
    const auto left = std::max(deadline - steady_now(), SteadyEpoch::duration::zero());
    const auto whole = std::chrono::duration_cast<seconds>(left);
    return {static_cast<std::time_t>(whole.count()),
            static_cast<long>(std::chrono::nanoseconds(left - whole).count())};
}

}  // namespace

Interrupt::Interrupt() : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

Interrupt::~Interrupt() {
    if (event_ >= 0) ::close(event_);
}

void Interrupt::raise() const {
    const std::uint64_t one = 1;
    // Fails only when the counter is full, which means that it is raised already.
    [[maybe_unused]] const auto written = ::write(event_, &one, sizeof one);
}

Interrupt::Woken Interrupt::wait(int fd, short events, SteadyTime deadline) const {
    std::array<pollfd, 2> watched{{{event_, POLLIN, 0}, {fd, events, 0}}};
    for (;;) {
        const auto left = until(deadline);
        const int count = ::ppoll(watched.data(), watched.size(), &left, nullptr);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return Woken::timeout;
        return watched[0].revents != 0 ? Woken::interrupted : Woken::ready;
    }
}

Error stopped() {
    return {Errc::cancelled, "the bus is being stopped"};
}

}  // namespace busbar::adapters

// SPDX-License-Identifier: Apache-2.0
// A rest between attempts, one log line a streak.
#include "adapters/open_attempts.hpp"

namespace busbar::adapters {
std::optional<Error> OpenAttempts::too_soon(SteadyTime now) const {
    if (now >= next_) return std::nullopt;
    return error_.value_or(
        Error{Errc::unreachable, "the connection was closed; it is opened again in a moment"});
}

Error OpenAttempts::failed(const Error& error, SteadyTime now, milliseconds rest) {
    next_ = now + rest;
    if (error.code == Errc::cancelled) return error;
    if (!error_) log_.error("bus_open_failed", error.detail);
    error_ = error;
    return error;
}

void OpenAttempts::succeeded(SteadyTime now, milliseconds rest) {
    next_ = now + rest;
    if (error_) log_.info("bus_opened", "the bus is open again");
    error_.reset();
}

}  // namespace busbar::adapters

// SPDX-License-Identifier: Apache-2.0
// The profile's values in turn, a little sooner than the period allows.
#include "adapters/watchdog_tokens.hpp"

#include <utility>

#include "adapters/profile_conditions.hpp"
#include "adapters/register_codec.hpp"

namespace busbar::adapters {

WatchdogTokens::WatchdogTokens(const config::Profile& profile, const RegisterValues& values, Log log)
    : watchdog_(profile.watchdog), values_(values), log_(std::move(log)) {}

const config::Register* WatchdogTokens::target() const {
    if (watchdog_.values.empty()) return nullptr;
    const auto* reg = values_.find(watchdog_.reg);
    return reg != nullptr && hold(reg->when, values_) ? reg : nullptr;
}

std::optional<WriteJob> WatchdogTokens::next(SteadyTime now) {
    const auto* reg = target();
    if (reg == nullptr || now < next_) return std::nullopt;
    auto words = encode(*reg, watchdog_.values[turn_ % watchdog_.values.size()], Rounding::nearest);
    if (!words) return std::nullopt;
    return WriteJob{reg, std::move(*words), {}};
}

void WatchdogTokens::written(SteadyTime at) {
    ++turn_;
    next_ = at + watchdog_.period * 4 / 5;
    told_ = false;
}

void WatchdogTokens::refused(const Error& error, SteadyTime now) {
    if (!std::exchange(told_, true)) {
        log_.warning("write_refused", "the charger takes no watchdog token: " + error.detail,
                     {{"register", watchdog_.reg}});
    }
    next_ = now + watchdog_.period * 4 / 5;
}

void WatchdogTokens::restart() {
    next_ = SteadyTime{};
}

std::optional<SteadyTime> WatchdogTokens::due() const {
    if (target() == nullptr) return std::nullopt;
    return next_;
}

}  // namespace busbar::adapters

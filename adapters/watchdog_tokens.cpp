// SPDX-License-Identifier: Apache-2.0
// The profile's values in turn, a little sooner than the period allows.
#include "adapters/watchdog_tokens.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "adapters/profile_conditions.hpp"
#include "adapters/register_image.hpp"

namespace busbar::adapters {
namespace {

constexpr milliseconds shortest_period{500};
constexpr double longest_wait = 86'400;  ///< s; a box that says more waits for ever

}  // namespace

WatchdogTokens::WatchdogTokens(const config::Profile& profile, const RegisterValues& values, Log log)
    : watchdog_(profile.watchdog), values_(values), log_(std::move(log)) {}

const config::Register* WatchdogTokens::target() const {
    if (watchdog_.values.empty()) return nullptr;
    const auto* reg = values_.find(watchdog_.reg);
    return reg != nullptr && hold(reg->when, values_) ? reg : nullptr;
}

milliseconds WatchdogTokens::period() const {
    const auto waits = values_.number(watchdog_.period_register);
    if (!waits || *waits <= 0) return watchdog_.period;
    const double part = std::min(*waits, longest_wait) * watchdog_.period_fraction;
    const auto period = std::max(milliseconds(std::llround(part * 1000)), shortest_period);
    return watchdog_.period > 0ms ? std::min(watchdog_.period, period) : period;
}

std::optional<WriteJob> WatchdogTokens::next(SteadyTime now) {
    const auto* reg = target();
    if (reg == nullptr || now < next_token()) return std::nullopt;
    const auto image =
        image_of(*reg, watchdog_.values[turn_ % watchdog_.values.size()], Rounding::nearest, values_);
    if (!image || !image->words) return std::nullopt;
    return WriteJob{reg, *image->words, {}};
}

void WatchdogTokens::written(SteadyTime at) {
    ++turn_;
    tried_ = at;
    told_ = false;
}

void WatchdogTokens::refused(const Error& error, SteadyTime now) {
    if (!std::exchange(told_, true)) {
        log_.warning("write_refused", "the charger takes no watchdog token: " + error.detail,
                     {{"register", watchdog_.reg}});
    }
    tried_ = now;
}

void WatchdogTokens::restart() {
    tried_.reset();
}

SteadyTime WatchdogTokens::next_token() const {
    return tried_ ? *tried_ + period() * 4 / 5 : SteadyTime{};
}

std::optional<SteadyTime> WatchdogTokens::due() const {
    if (target() == nullptr) return std::nullopt;
    return next_token();
}

}  // namespace busbar::adapters

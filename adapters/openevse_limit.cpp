// SPDX-License-Identifier: Apache-2.0
// Wanted against known, one command at a time.
#include "adapters/openevse_limit.hpp"

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace busbar::adapters {
namespace {

constexpr seconds window{30};
constexpr std::size_t most_sent = 4;
constexpr seconds rest_after_refusal{30};
constexpr seconds clamp_lasts{60};
constexpr milliseconds settle{2000};  // after FS or FE the state may still be the old one

}  // namespace

void OpenEvseLimit::want(Amperes limit) {
    wanted_ = limit;
    fresh_ = true;
    clamped_.reset();
    refusal_.reset();
    switched_.clear();
    not_before_ = SteadyTime{};
}

void OpenEvseLimit::restart() {
    fresh_ = true;
    clamped_.reset();
    sent_.clear();
    switched_.clear();
    not_before_ = SteadyTime{};
}

std::optional<Error> OpenEvseLimit::take_refusal() {
    return std::exchange(refusal_, std::nullopt);
}

/// 0: rests. A controller that does not go as low as it should is not let go on.
Amperes OpenEvseLimit::target() const {
    const auto current = feasible(*wanted_, bounds_, installation_max_);
    return clamped_ && clamped_->asked == current && clamped_->granted > current ? Amperes(0) : current;
}

/// Sent, but the state that was read may be from before.
bool OpenEvseLimit::settling(std::string_view command, SteadyTime now) const {
    return switched_ == command && now < switched_at_ + settle;
}

/// What differs from what is wanted, the most urgent first.
std::optional<std::string> OpenEvseLimit::missing(SteadyTime now) const {
    const auto current = target();
    const bool asleep = facts_.asleep.value_or(false);
    if (current <= Amperes(0) || napping(now)) {
        return asleep || settling("FS", now) ? std::nullopt : std::optional<std::string>("FS");
    }
    const bool granted = clamped_ && clamped_->asked == current && clamped_->granted == facts_.capacity &&
                         now < clamped_->until;
    if (facts_.capacity != current && !granted)
        return fmt::format("SC {} V", static_cast<int>(current.value()));
    // A limit that somebody set at the box itself is theirs.
    const bool ours = asleep && !facts_.has(OpenEvseFlags::limit_sleep);
    return ours && !settling("FE", now) ? std::optional<std::string>("FE") : std::nullopt;
}

std::optional<std::string> OpenEvseLimit::next(SteadyTime now) {
    if (!wanted_ || now < not_before_) return std::nullopt;
    auto command = missing(now);
    if (!command) {
        fresh_ = fresh_ && napping(now);
        return std::nullopt;
    }
    while (!sent_.empty() && now - sent_.front() > window) sent_.pop_front();
    const bool may = fresh_ || sent_.size() < most_sent;
    if (!may) return std::nullopt;
    last_ = *command;
    return command;
}

void OpenEvseLimit::answered(const rapi::Message& reply, SteadyTime now) {
    sent_.push_back(now);
    if (last_.starts_with("SC")) return capacity_answered(reply, now);
    if (!reply.ok()) return refused(now);
    facts_.asleep = last_ == "FS";
    switched_ = last_;
    switched_at_ = now;
}

/// $OK and $NK carry what was set, $NK because it is not what was asked for.
void OpenEvseLimit::capacity_answered(const rapi::Message& reply, SteadyTime now) {
    const auto set = reply.decimal(0);
    if (!reply.ok() && !set) return refused(now);
    facts_.capacity = set ? Amperes(double(*set)) : target();
    clamped_.reset();
    if (!reply.ok()) clamped_ = Clamped{target(), *facts_.capacity, now + clamp_lasts};
}

void OpenEvseLimit::refused(SteadyTime now) {
    refusal_ = Error{Errc::refused, "the controller refuses $" + last_};
    not_before_ = now + rest_after_refusal;
}

}  // namespace busbar::adapters

// SPDX-License-Identifier: Apache-2.0
#include "ocpp/own_schedule.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "ocpp/json_bridge.hpp"

namespace busbar::ocpp {
namespace {

/// Evenly from 0 to `longest`, both included.
seconds draw(seconds longest, const std::function<double()>& random) {
    const double count = std::floor(random() * static_cast<double>(longest.count() + 1));
    return std::clamp(seconds(static_cast<seconds::rep>(count)), seconds(0), longest);
}

double count_of(SteadyTime time) {
    return static_cast<double>(time.time_since_epoch().count());
}

}  // namespace

OwnSchedule::OwnSchedule(std::string_view saved, std::string resumed) : transaction_(std::move(resumed)) {
    const Json body = Json::parse(saved, nullptr, false);
    if (!body.is_object() || field(body, "transaction", std::string()) != transaction_) return;
    boot_ = field(body, "boot", std::string());
    passed_ = Amperes(field(body, "passed_a", 0.0));
    overridden_ = field(body, "charge_now", false);
    const double until = field(body, "until_us", -1.0);
    if (until >= 0) until_ = SteadyTime(SteadyTime::duration(static_cast<SteadyTime::rep>(until)));
}

std::optional<std::string> OwnSchedule::take_record() {
    if (!std::exchange(unsaved_, false)) return std::nullopt;
    Json body{{"transaction", transaction_},
              {"boot", boot_},
              {"passed_a", passed_.value()},
              {"charge_now", overridden_}};
    if (until_) body["until_us"] = count_of(*until_);
    return to_text(body);
}

/// Another transaction, or another life of the machine: no current flows yet.
void OwnSchedule::follow(const Transaction& transaction, const std::string& boot) {
    const bool same = transaction.local_id == transaction_;
    const std::string& flowed_in = boot_.empty() ? transaction.boot_id : boot_;
    if (same && flowed_in == boot) return;
    if (!same) overridden_ = false;
    transaction_ = transaction.local_id;
    boot_ = boot;
    passed_ = Amperes(0);
    until_.reset();
}

const OwnSchedule::Look& OwnSchedule::look(const ChargingHours& hours, UtcTime now) {
    constexpr std::chrono::hours longest_trust{24};  // a clock may be put back, and hours may never change
    const bool holds = look_ && now >= look_->from && now < look_->from + longest_trust &&
                       (!look_->change || now < *look_->change);
    if (!holds) look_ = Look{now, hours.next_change(now), hours.open_at(now)};
    return *look_;
}

bool OwnSchedule::overridden(const Transaction& transaction) const {
    return overridden_ && transaction.local_id == transaction_;
}

bool OwnSchedule::keeps_hours(const Transaction& transaction) const {
    return !transaction.remote && !overridden(transaction);
}

void OwnSchedule::charge_now(const Transaction& transaction, const std::string& boot) {
    follow(transaction, boot);
    unsaved_ = unsaved_ || !overridden_;
    overridden_ = true;
}

void OwnSchedule::update(const ChargingTimes& times, const Transaction& transaction, const Goal& goal,
                         const std::string& boot, const Now& now) {
    follow(transaction, boot);
    const bool counts = times.off_peak.any() && now.utc && !goal.by_profile && keeps_hours(transaction);
    const Look open_for_ever{};
    const Look& hours = counts ? look(times.off_peak, *now.utc) : open_for_ever;
    const bool delayed =
        !overridden_ && (times.delay_central_system || !(goal.by_profile || transaction.remote));

    passed_ = std::min(passed_, goal.limit);
    const Amperes target = hours.open ? goal.limit : Amperes(0);
    pass(target, delayed ? times.random_delay : seconds(0), times, now.steady);

    std::optional<SteadyTime> change;
    if (hours.change) change = now.steady + (*hours.change - *now.utc);
    held_.reset();
    const bool shut = !hours.open && passed_ == target;
    if (passed_ < goal.limit) held_ = Held{passed_, shut, shut ? change : until_};
    next_deadline_ = until_ && change ? std::min(*until_, *change) : until_ ? until_ : change;
}

void OwnSchedule::pass(Amperes target, seconds longest, const ChargingTimes& times, SteadyTime now) {
    if (until_) until_ = std::min(*until_, now + longest);
    if (target == passed_) {
        until_.reset();
    } else if (!until_ && longest > seconds(0)) {
        until_ = now + draw(longest, times.random);
        unsaved_ = true;
    }
    if (until_ && now < *until_) return;
    until_.reset();
    if (passed_ == target) return;
    passed_ = target;
    // Whoever starts anew must know that the next current is more than what flows.
    unsaved_ = unsaved_ || (target == Amperes(0) && longest > seconds(0));
}

}  // namespace busbar::ocpp

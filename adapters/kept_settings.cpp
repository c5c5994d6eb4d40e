// SPDX-License-Identifier: Apache-2.0
// Decides, setting by setting and in order, what has to be written.
#include "adapters/kept_settings.hpp"

#include <algorithm>
#include <utility>

namespace busbar::adapters {
namespace {

constexpr seconds window{30};
constexpr std::size_t most_writes = 4;
constexpr int most_corrections = 3;
constexpr seconds rest_after_refusal{30};

}  // namespace

void KeptSettings::want(std::vector<Setting> settings, const Cause& cause) {
    wanted_ = std::move(settings);
    cause_ = cause;
    cause_pending_ = true;
    refusal_.reset();
    for (auto& entry : kept_) entry.second.not_before = SteadyTime{};
}

void KeptSettings::show(int id, Seen seen) {
    auto& kept = kept_[id];
    kept.seen = seen;
    if (seen == Seen::as_wanted) kept.corrections = 0;
}

bool KeptSettings::settled(const Setting& setting) const {
    const auto found = kept_.find(setting.id);
    if (found == kept_.end()) return false;
    return found->second.value == setting.value || found->second.given_up == setting.value;
}

bool KeptSettings::worth_correcting(const Kept& kept, SteadyTime now) {
    if (kept.seen == Seen::as_wanted) return false;
    while (!writes_.empty() && now - writes_.front() > window) writes_.pop_front();
    if (writes_.size() >= most_writes) return false;
    return kept.corrections < most_corrections || kept.seen == Seen::more;
}

std::optional<KeptSettings::Job> KeptSettings::next(SteadyTime now) {
    for (const auto& setting : wanted_) {
        const auto& kept = kept_[setting.id];
        const bool changes = !settled(setting);
        const bool due = changes || (kept.given_up != setting.value && worth_correcting(kept, now));
        if (due && now >= kept.not_before) {
            current_ = setting;
            return Job{setting, changes && cause_pending_ ? cause_ : Cause{}};
        }
        if (changes && !setting.optional) break;
    }
    return std::nullopt;
}

void KeptSettings::written(SteadyTime at) {
    auto& kept = kept_[current_->id];
    if (kept.value == current_->value) {
        ++kept.corrections;
        if (kept.corrections == most_corrections) {
            log_.warning("limit_not_kept",
                         "the charger does not keep the limit it is given; look for another controller or a "
                         "lower setting in it");
        }
    } else {
        kept.corrections = 0;
    }
    kept.value = current_->value;
    kept.seen = Seen::as_wanted;
    writes_.push_back(at);
    told_refused_ = false;
    cause_pending_ = cause_pending_ && !in_force();
}

void KeptSettings::refused(const Error& error, SteadyTime now) {
    auto& kept = kept_[current_->id];
    if (current_->optional) {
        kept.given_up = current_->value;
        return;
    }
    refusal_ = error;
    kept.not_before = now + rest_after_refusal;
    if (!std::exchange(told_refused_, true)) {
        log_.warning("write_refused", "the charger refuses its limit: " + error.detail);
    }
}

void KeptSettings::restart() {
    for (auto& entry : kept_) entry.second = {{}, entry.second.given_up};
    writes_.clear();
}

bool KeptSettings::in_force() const {
    return !wanted_.empty() && std::all_of(wanted_.begin(), wanted_.end(),
                                           [this](const Setting& setting) { return settled(setting); });
}

std::optional<Error> KeptSettings::take_refusal() {
    return std::exchange(refusal_, std::nullopt);
}

}  // namespace busbar::adapters

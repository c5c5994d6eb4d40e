// SPDX-License-Identifier: Apache-2.0
// Compares what must be with what was read.
#include "adapters/required_state.hpp"

#include <utility>

#include "adapters/profile_conditions.hpp"
#include "adapters/register_image.hpp"

namespace busbar::adapters {
namespace {

constexpr int most_attempts = 3;
constexpr std::chrono::hours attempts_period{1};

}  // namespace

RequiredState::RequiredState(const config::Profile& profile, const RegisterValues& values, Amperes failsafe,
                             Log log)
    : values_(values),
      failsafe_(failsafe),
      tolerance_((profile.limit ? profile.limit->step_a : 1) / 1000),
      log_(std::move(log)) {
    for (const auto& required : profile.required) entries_.push_back({&required});
}

void RequiredState::give_up(Entry& entry, const std::string& why) {
    entry.hopeless = true;
    log_.warning("write_refused", why, {{"register", entry.required->reg}});
}

double RequiredState::wanted(const config::Required& required) const {
    if (!required.is_failsafe_current) return required.value;
    return failsafe_ > Amperes(0) ? failsafe_.value() : required.pause_value.value_or(0);
}

std::optional<WriteJob> RequiredState::job(Entry& entry, SteadyTime now) {
    const auto& required = *entry.required;
    const auto* reg = values_.find(required.reg);
    if (entry.hopeless || reg == nullptr || !hold(reg->when, values_) || !hold(required.when, values_))
        return std::nullopt;
    const bool down = required.is_failsafe_current;
    const auto image = image_of(*reg, wanted(required), down ? Rounding::down : Rounding::nearest, values_);
    if (!image) {
        give_up(entry, image.error().detail + "; correct the profile");
        return std::nullopt;
    }
    if (!image->words) return std::nullopt;
    const auto present = values_.words(values_.span_of(*reg));
    if (present && same_value(*reg, *present, image->own, tolerance_)) return std::nullopt;
    if (now - entry.last_attempt > attempts_period) entry.attempts = 0;
    if (entry.attempts >= most_attempts) return std::nullopt;
    return WriteJob{reg, *image->words, {}};
}

std::optional<WriteJob> RequiredState::next(SteadyTime now) {
    for (auto& entry : entries_) {
        if (auto found = job(entry, now)) {
            current_ = &entry;
            return found;
        }
    }
    return std::nullopt;
}

void RequiredState::written(SteadyTime at) {
    last_written_ = at;
    current_->last_attempt = at;
    const auto* reg = values_.find(current_->required->reg);
    if (++current_->attempts < most_attempts || reg->access == config::Access::write) return;
    log_.warning(
        "value_not_kept",
        "the charger does not keep a value it must hold; look for a setting or a switch that overrules it",
        {{"register", current_->required->reg}});
}

void RequiredState::refused(const Error& error, SteadyTime /*now*/) {
    give_up(*current_, "the charger refuses a value it must hold: " + error.detail +
                           "; check that it is set to be controlled over Modbus");
}

void RequiredState::restart() {
    for (auto& entry : entries_) {
        entry.hopeless = false;
        entry.attempts = 0;
    }
}

}  // namespace busbar::adapters

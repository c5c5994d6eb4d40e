// SPDX-License-Identifier: Apache-2.0
#include "ocpp/phase_choice.hpp"

#include <algorithm>
#include <utility>

#include "ocpp/json_bridge.hpp"

namespace busbar::ocpp {
namespace {

/// Far above what a meter shows on an open contact.
constexpr Amperes flowing{1};

int phases_with_current(const Reading& reading, SteadyTime since) {
    return static_cast<int>(
        std::count_if(reading.current.begin(), reading.current.end(), [since](const auto& current) {
            return current && current->taken_at > since && current->value > flowing;
        }));
}

}  // namespace

PhaseChoice::PhaseChoice(std::string_view saved) : saved_(!saved.empty()) {
    const Json body = Json::parse(saved, nullptr, false);
    left_ = field(body, "phases", 3) == 1 ? 1 : 3;
}

bool PhaseChoice::differs(int phases) const {
    return known_ ? *known_ != phases : phases == 1 || left_ == 1;
}

bool PhaseChoice::may_tell(int phases, SteadyTime now) const {
    return !switching() && now >= may_tell_at(phases);
}

SteadyTime PhaseChoice::may_tell_at(int phases) const {
    return phases == left_ ? not_before_ : std::max(not_before_, change_after_);
}

void PhaseChoice::tell(int phases, EffectId id) {
    command_ = id;
    told_ = phases;
    known_.reset();
    if (phases == 1) leave_on(1);
}

void PhaseChoice::leave_on(int phases) {
    changed_ = changed_ || left_ != phases;
    saved_ = saved_ || changed_;
    left_ = phases;
}

std::optional<std::string> PhaseChoice::take_record() {
    if (!std::exchange(changed_, false)) return std::nullopt;
    return to_text({{"phases", left_}});
}

void PhaseChoice::on_done(EffectId id, const Result<void>& result) {
    if (command_ == id) outcome_ = result;
}

std::optional<Result<void>> PhaseChoice::follow_up(SteadyTime now) {
    // Who begins anew may have switched a moment before; the same number again moves nothing.
    if (!std::exchange(begun_, true) && saved_) change_after_ = now + least_interval;
    auto outcome = std::exchange(outcome_, std::nullopt);
    if (!outcome) return outcome;
    command_.reset();
    if (outcome->has_error()) {
        rest(now);
        return outcome;
    }
    leave_on(told_);
    known_ = told_;
    known_since_ = now;
    failures_ = 0;
    not_before_ = now + least_interval;
    return outcome;
}

void PhaseChoice::rest(SteadyTime now) {
    const int doublings = std::min(failures_++, 8);
    not_before_ = now + std::min(least_interval * (1 << doublings), longest_rest);
}

bool PhaseChoice::contradicted(const Reading& reading, SteadyTime now) {
    if (!on_one() || reading.taken_at <= known_since_) return false;
    const bool flows = phases_with_current(reading, known_since_) > 1;
    if (reading.phases == 1 && !flows) return false;
    known_.reset();
    if (flows) rest(now);
    return true;
}

}  // namespace busbar::ocpp

// SPDX-License-Identifier: Apache-2.0
// Decides, register by register and in the safe order, whether the wanted limit has to be written.
#include "adapters/limit_writer.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "adapters/profile_conditions.hpp"
#include "adapters/register_codec.hpp"

namespace busbar::adapters {
namespace {

constexpr seconds window{30};
constexpr std::size_t most_writes = 4;
constexpr std::size_t most_keep_alives = 15;
constexpr int most_corrections = 3;
constexpr seconds rest_after_refusal{30};
constexpr seconds settling{2};  ///< some boxes show a setpoint only once they have taken it over
constexpr std::chrono::hours trial_of_stored{1};
constexpr double longest_validity = 86'400;  ///< s

}  // namespace

LimitWriter::LimitWriter(const config::Profile& profile, const RegisterValues& values,
                         Installation installation, Log log)
    : profile_(profile), values_(values), installation_(installation), log_(std::move(log)) {}

void LimitWriter::want(Amperes limit, const Cause& cause) {
    wanted_ = limit;
    cause_ = cause;
    cause_pending_ = true;
    refusal_.reset();
    for (auto& entry : kept_) entry.second.not_before = SteadyTime{};
}

std::optional<Error> LimitWriter::take_refusal() {
    return refusal_ ? std::exchange(refusal_, std::nullopt) : obstacle_;
}

Amperes LimitWriter::feasible_limit() const {
    return feasible(*wanted_, bounds(), installation_.max_current);
}

bool LimitWriter::is_there(const config::Register& reg) const {
    return hold(reg.when, values_);
}

/// A pause needs the switch or a setpoint; current needs a setpoint.
bool LimitWriter::can_obey(const std::vector<Goal>& goals) const {
    return std::any_of(goals.begin(), goals.end(),
                       [](const Goal& goal) { return goal.pauses || !goal.is_switch; });
}

/// Whether the charger was asked, and has answered, which of the limit's registers it has.
bool LimitWriter::is_decided() const {
    const auto& names = profile_.limit->registers;
    return std::all_of(names.begin(), names.end(), [&](const std::string& name) {
        const auto& conditions = profile_.registers.at(name).when;
        return std::all_of(conditions.begin(), conditions.end(), [&](const config::Condition& condition) {
            return condition.reg.empty() || values_.exists(condition.reg).has_value();
        });
    });
}

void LimitWriter::refuse_without_register() {
    const bool decided = is_decided();
    obstacle_ = Error{decided ? Errc::unsupported : Errc::timeout,
                      "this charger has none of the registers that take a limit; check that the profile fits "
                      "its model and firmware"};
    if (!decided || std::exchange(told_nowhere_, true)) return;
    log_.warning("limit_without_register", "the limit is not obeyed: " + obstacle_->detail,
                 {{"registers", fmt::format("{}", fmt::join(profile_.limit->registers, ", "))}});
}

/// Until the bits beside a value are known, or its exponent.
void LimitWriter::refuse_unwritten(const std::vector<Goal>& goals) {
    for (const auto& goal : goals) {
        if (is_kept(goal) || goal.image.words) continue;
        obstacle_ = Error{Errc::timeout, fmt::format("register {} cannot hold {}, or was not read yet",
                                                     goal.reg->name, goal.value)};
    }
}

std::vector<LimitWriter::Goal> LimitWriter::goals(Amperes current) const {
    std::vector<Goal> goals;
    for (const auto& target : limit_targets(profile_, current, installation_)) {
        const auto* reg = values_.find(target.reg);
        if (reg == nullptr || !is_there(*reg)) continue;
        auto image =
            image_of(*reg, target.value, target.is_switch ? Rounding::nearest : Rounding::down, values_);
        // Bits beside it that will never be known: it cannot be written any more than one that is not there.
        if (image && !image->words && values_.exists(target.reg) == false) continue;
        goals.push_back({reg, image ? std::move(*image) : Image{}, target.value, target.is_switch,
                         current <= Amperes(0)});
    }
    return goals;
}

const LimitWriter::Kept* LimitWriter::kept(const Goal& goal) const {
    const auto found = kept_.find(goal.reg->name);
    return found == kept_.end() ? nullptr : &found->second;
}

bool LimitWriter::is_kept(const Goal& goal) const {
    const auto* known = kept(goal);
    return known != nullptr && known->own == goal.image.own;
}

bool LimitWriter::are_kept(Amperes current) const {
    const auto all = goals(current);
    return can_obey(all) &&
           std::all_of(all.begin(), all.end(), [&](const Goal& goal) { return is_kept(goal); });
}

bool LimitWriter::in_force() const {
    return wanted_ && are_kept(feasible_limit());
}

/// When a raise may begin; empty when nothing is to be raised, or at once.
std::optional<SteadyTime> LimitWriter::raise_at() const {
    if (!changed_at_ || profile_.limit->raise_interval <= 0ms || feasible_limit() <= level_)
        return std::nullopt;
    return *changed_at_ + profile_.limit->raise_interval;
}

bool LimitWriter::within_budget() const {
    return writes_.size() < (keep_alive_period() ? most_keep_alives : most_writes);
}

/// By the register that says what the charger holds, once it was read after the last write.
std::optional<LimitWriter::Seen> LimitWriter::echoed(const Goal& goal) const {
    const auto echo = values_.value(profile_.limit->read_back_register);
    const auto* known = kept(goal);
    const auto meant = decode(*goal.reg, goal.image.own, values_.exponent_of(*goal.reg)).number;
    if (!echo || !echo->number || !meant || known == nullptr || echo->taken_at <= known->written_at)
        return std::nullopt;
    const double half_a_step = profile_.limit->step_a / 2 * per_ampere(*profile_.limit, installation_);
    return Seen{std::abs(*echo->number - *meant) <= half_a_step, echo->number};
}

std::optional<LimitWriter::Seen> LimitWriter::seen(const Goal& goal) const {
    if (!goal.is_switch && !profile_.limit->read_back_register.empty()) return echoed(goal);
    const auto present = values_.words(values_.span_of(*goal.reg));
    if (!present) return std::nullopt;
    const double tolerance = profile_.limit->step_a / 1000 * per_ampere(*profile_.limit, installation_);
    return Seen{same_value(*goal.reg, *present, goal.image.own, tolerance),
                decode(*goal.reg, *present, values_.exponent_of(*goal.reg)).number};
}

bool LimitWriter::worth_correcting(const Goal& goal, const Seen& seen) const {
    const auto& limit = *profile_.limit;
    const bool is_read_back = goal.is_switch || limit.read_back || !limit.read_back_register.empty();
    if (!is_read_back || !within_budget()) return false;
    const auto* known = kept(goal);
    if (known == nullptr || known->corrections < most_corrections) return true;
    const bool offers_more = goal.is_switch || goal.pauses || !seen.value || *seen.value > goal.value;
    return offers_more && !limit.stored;
}

/// Within the budget: a line that loses a frame now and then costs no more writes than a box that loses
/// limits.
void LimitWriter::forget_unreadable() {
    if (!doubted_ || !within_budget()) return;
    doubted_ = false;
    for (auto& [name, known] : kept_) {
        const auto* reg = values_.find(name);
        const bool readable =
            reg != nullptr && reg->access != config::Access::write && values_.exists(name) != false;
        if (!readable) known.own.reset();
    }
}

/// Corrections in vain make the next ones wait longer, up to a point.
bool LimitWriter::has_settled(const Kept& known, SteadyTime now) {
    return !known.own ||
           now >= known.written_at + settling * (std::min(known.corrections, most_corrections) + 1);
}

void LimitWriter::look_at_validity() {
    const auto seen = values_.number(profile_.limit->rewrite_register);
    if (!seen || *seen <= 0) return;
    validity_ = std::max(validity_, milliseconds(std::llround(std::min(*seen, longest_validity) * 1000)));
}

std::optional<SteadyEpoch::duration> LimitWriter::keep_alive_period() const {
    const auto& limit = *profile_.limit;
    if (values_.number(limit.read_back_register)) return std::nullopt;  // a lost limit is seen
    auto period = limit.rewrite;
    if (validity_ > 0ms) period = period > 0ms ? std::min(period, validity_ / 2) : validity_ / 2;
    if (period <= 0ms) return std::nullopt;
    const auto written = std::count_if(limit.registers.begin(), limit.registers.end(), [&](const auto& name) {
        const auto* reg = values_.find(name);
        return reg != nullptr && is_there(*reg);
    });
    // One less than allowed: the bound also holds for a window that begins and ends with a write.
    const auto shortest = milliseconds(window) * written / (most_keep_alives - 1);
    return std::max<SteadyEpoch::duration>(period, shortest);
}

/// The same value once more: a setpoint as the keep-alive, "on" where the car's coming undid it.
bool LimitWriter::repeat_due(const Goal& goal, SteadyTime now) const {
    const auto* known = kept(goal);
    if (known == nullptr || !within_budget()) return false;
    const auto age = now - known->written_at;
    if (!goal.is_switch) {
        const auto period = keep_alive_period();
        return period && age >= *period;
    }
    const auto& enable = *profile_.enable;
    return !goal.pauses && !enable.again_when.empty() && age >= enable.again_after &&
           hold(enable.again_when, values_);
}

/// The charger was seen to hold what we wrote: a later difference is a new one. EEPROM gets an hour of rest.
void LimitWriter::forgive(const Goal& goal, SteadyTime now) {
    auto& known = kept_[goal.reg->name];
    const auto seen_at = values_.age(values_.span_of(*goal.reg));
    const auto trial =
        profile_.limit->stored ? SteadyEpoch::duration(trial_of_stored) : SteadyEpoch::duration::zero();
    if (seen_at && *seen_at > known.written_at && now - known.written_at > trial) known.corrections = 0;
}

bool LimitWriter::must_write(const Goal& goal, SteadyTime now) {
    auto& known = kept_[goal.reg->name];
    correcting_ = false;
    if (now < known.not_before || !goal.image.words) return false;
    const auto present = seen(goal);
    const bool same = present && present->as_wanted;
    if (same && profile_.limit->stored) known.own = goal.image.own;
    if (same) forgive(goal, now);
    if (known.own != goal.image.own) return true;
    correcting_ = present && !same && has_settled(known, now) && worth_correcting(goal, *present);
    return correcting_ || repeat_due(goal, now);
}

std::optional<WriteJob> LimitWriter::next(SteadyTime now) {
    if (!wanted_) return std::nullopt;
    obstacle_.reset();
    look_at_validity();
    while (!writes_.empty() && now - writes_.front() > window) writes_.pop_front();
    forget_unreadable();
    const auto raise = raise_at();
    current_ = raise && now < *raise ? level_ : feasible_limit();
    auto all = goals(current_);
    if (!can_obey(all)) {
        refuse_without_register();
        return std::nullopt;
    }
    for (auto& goal : all) {
        const bool changes = !is_kept(goal);
        if (must_write(goal, now)) {
            WriteJob job{goal.reg, *goal.image.words, changes && cause_pending_ ? cause_ : Cause{}};
            goal_ = std::move(goal);
            return job;
        }
        // The switch is not put on above a limit that the charger did not take.
        if (!is_kept(goal) && !goal.pauses) break;
    }
    if (are_kept(current_)) {
        level_ = current_;
    } else {
        refuse_unwritten(all);
    }
    return std::nullopt;
}

void LimitWriter::written(SteadyTime at) {
    auto& known = kept_[goal_->reg->name];
    const bool changed = known.own != goal_->image.own;
    if (changed) known.corrections = 0;
    if (correcting_) ++known.corrections;
    if (changed || correcting_) changed_at_ = at;
    known.own = goal_->image.own;
    known.written_at = at;
    level_ = are_kept(current_) ? current_ : std::max(level_, current_);
    writes_.push_back(at);
    told_refused_ = false;
    cause_pending_ = cause_pending_ && !in_force();
    if (!correcting_ || known.corrections != most_corrections) return;
    log_.warning("limit_not_kept",
                 "the charger does not keep the limit it is given; look for another controller or a lower "
                 "setting in it",
                 {{"register", goal_->reg->name}, {"wanted", fmt::format("{}", goal_->value)}});
}

void LimitWriter::refused(const Error& error, SteadyTime now) {
    refusal_ = error;
    kept_[goal_->reg->name].not_before = now + rest_after_refusal;
    if (std::exchange(told_refused_, true)) return;
    log_.warning("write_refused",
                 "the charger refuses its limit: " + error.detail +
                     "; check that it is set to be controlled over Modbus",
                 {{"register", goal_->reg->name}});
}

void LimitWriter::restart() {
    kept_.clear();
    writes_.clear();
    doubted_ = false;
    validity_ = 0ms;
}

std::optional<SteadyTime> LimitWriter::due() const {
    if (!wanted_) return std::nullopt;
    auto soonest = raise_at();
    const auto period = keep_alive_period();
    for (const auto& goal : period ? goals(level_) : std::vector<Goal>{}) {
        const auto* known = kept(goal);
        if (goal.is_switch || known == nullptr || !known->own) continue;
        const auto at = std::max(known->written_at + *period, known->not_before);
        soonest = std::min(soonest.value_or(at), at);
    }
    return soonest;
}

}  // namespace busbar::adapters

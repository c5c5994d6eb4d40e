// SPDX-License-Identifier: Apache-2.0
// Decides, register by register and in the safe order, whether the wanted limit has to be written.
#include "adapters/limit_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
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
constexpr std::chrono::hours trial_of_stored{1};

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
    return std::exchange(refusal_, std::nullopt);
}

bool LimitWriter::paused() const {
    return feasible(*wanted_, bounds(), installation_.max_current) <= Amperes(0);
}

std::vector<LimitWriter::Goal> LimitWriter::goals() const {
    std::vector<Goal> goals;
    if (!wanted_) return goals;
    const auto current = feasible(*wanted_, bounds(), installation_.max_current);
    for (const auto& target : limit_targets(profile_, current, installation_)) {
        const auto* reg = values_.find(target.reg);
        if (reg == nullptr || !hold(reg->when, values_)) continue;
        auto words = encode(*reg, target.value, target.is_switch ? Rounding::nearest : Rounding::down);
        if (words) goals.push_back({reg, std::move(*words), target.value, target.is_switch});
    }
    return goals;
}

bool LimitWriter::in_force() const {
    if (!wanted_) return false;
    const auto all = goals();
    return std::all_of(all.begin(), all.end(), [&](const Goal& goal) {
        const auto kept = kept_.find(goal.reg->name);
        return kept != kept_.end() && kept->second.words == goal.words;
    });
}

std::size_t LimitWriter::budget() const {
    return profile_.limit->rewrite > 0ms ? most_keep_alives : most_writes;
}

bool LimitWriter::worth_correcting(const Goal& goal, const Words& present, SteadyTime now) {
    if (!profile_.limit->read_back && !goal.is_switch) return false;
    while (!writes_.empty() && now - writes_.front() > window) writes_.pop_front();
    if (writes_.size() >= budget()) return false;
    const auto& kept = kept_[goal.reg->name];
    if (kept.corrections < most_corrections) return true;
    const auto seen = decode(*goal.reg, present).number;
    const bool offers_more = goal.is_switch || !seen || *seen > goal.value;
    return offers_more && !profile_.limit->stored;
}

SteadyEpoch::duration LimitWriter::keep_alive_period() const {
    const auto& limit = *profile_.limit;
    // One less than allowed: the bound also holds for a window that begins and ends with a write.
    const auto shortest = milliseconds(window) * limit.registers.size() / (most_keep_alives - 1);
    return std::max<SteadyEpoch::duration>(limit.rewrite, shortest);
}

bool LimitWriter::keep_alive_due(const Goal& goal, SteadyTime now) const {
    if (goal.is_switch || profile_.limit->rewrite <= 0ms) return false;
    const auto kept = kept_.find(goal.reg->name);
    return kept != kept_.end() && now - kept->second.written_at >= keep_alive_period();
}

/// The charger was seen to hold what we wrote: a later difference is a new one. EEPROM gets an hour of rest.
void LimitWriter::forgive(const Goal& goal, Kept& kept, SteadyTime now) const {
    const auto seen_at = values_.age(values_.span_of(*goal.reg));
    const auto trial =
        profile_.limit->stored ? SteadyEpoch::duration(trial_of_stored) : SteadyEpoch::duration::zero();
    if (seen_at && *seen_at > kept.written_at && now - kept.written_at > trial) kept.corrections = 0;
}

bool LimitWriter::must_write(const Goal& goal, SteadyTime now) {
    auto& kept = kept_[goal.reg->name];
    if (now < kept.not_before) return false;
    const auto present = values_.words(values_.span_of(*goal.reg));
    const bool same = present && *present == goal.words;
    correcting_ = false;
    if (same && profile_.limit->stored) kept.words = goal.words;
    if (same) forgive(goal, kept, now);
    if (kept.words != goal.words) return true;
    if (!same && present) {
        correcting_ = true;
        return worth_correcting(goal, *present, now);
    }
    return keep_alive_due(goal, now);
}

std::optional<WriteJob> LimitWriter::next(SteadyTime now) {
    for (auto& goal : goals()) {
        const bool changes = kept_[goal.reg->name].words != goal.words;
        if (must_write(goal, now)) {
            current_ = goal;
            return WriteJob{goal.reg, goal.words, changes && cause_pending_ ? cause_ : Cause{}};
        }
        // The switch is not put on above a limit that the charger did not take.
        if (kept_[goal.reg->name].words != goal.words && !paused()) break;
    }
    return std::nullopt;
}

void LimitWriter::written(SteadyTime at) {
    auto& kept = kept_[current_->reg->name];
    if (kept.words != current_->words) kept.corrections = 0;
    if (correcting_) ++kept.corrections;
    kept.words = current_->words;
    kept.written_at = at;
    writes_.push_back(at);
    told_refused_ = false;
    cause_pending_ = cause_pending_ && !in_force();
    if (!correcting_ || kept.corrections != most_corrections) return;
    log_.warning("limit_not_kept",
                 "the charger does not keep the limit it is given; look for another controller or a lower "
                 "setting in it",
                 {{"register", current_->reg->name}, {"wanted", fmt::format("{}", current_->value)}});
}

void LimitWriter::refused(const Error& error, SteadyTime now) {
    refusal_ = error;
    kept_[current_->reg->name].not_before = now + rest_after_refusal;
    if (std::exchange(told_refused_, true)) return;
    log_.warning("write_refused",
                 "the charger refuses its limit: " + error.detail +
                     "; check that it is set to be controlled over Modbus",
                 {{"register", current_->reg->name}});
}

void LimitWriter::restart() {
    kept_.clear();
    writes_.clear();
}

std::optional<SteadyTime> LimitWriter::due() const {
    if (!wanted_ || profile_.limit->rewrite <= 0ms) return std::nullopt;
    std::optional<SteadyTime> soonest;
    for (const auto& name : profile_.limit->registers) {
        const auto kept = kept_.find(name);
        if (kept == kept_.end() || !kept->second.words) continue;
        const auto at = kept->second.written_at + keep_alive_period();
        soonest = std::min(soonest.value_or(at), at);
    }
    return soonest;
}

}  // namespace busbar::adapters

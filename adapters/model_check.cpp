// SPDX-License-Identifier: Apache-2.0
// Ruling out as early as possible: each read may cost a timeout.
#include "adapters/model_check.hpp"

#include <algorithm>

#include "adapters/profile_conditions.hpp"
#include "adapters/profile_state.hpp"

namespace busbar::adapters {
namespace {

/// Between two looks at a box of unknown make: Heidelberg's wants the longest known.
constexpr milliseconds careful_gap{100};

/// What a name in `identify` or in the state rules stands for, with the exponents it is scaled by.
std::vector<Span> spans_of(const config::Profile& profile, const RegisterValues& values,
                           const std::string& name) {
    std::vector<Span> spans;
    const auto* reg = values.find(name);
    while (reg != nullptr && spans.size() < 2 && reg->access != config::Access::write &&
           reg->unit_name.empty()) {
        spans.push_back(whole_block(profile, values, values.span_of(*reg)));
        reg = reg->exponent.empty() ? nullptr : values.find(reg->exponent);
    }
    return spans;
}

bool asks_existence_only(const config::Condition& condition) {
    auto bare = condition;
    bare.exists.reset();
    config::Condition empty;
    empty.reg = bare.reg;
    return bare == empty;
}

}  // namespace

ModelCheck::ModelCheck(const ProfileLibrary& profiles, const ScanSetting& setting, int unit) {
    for (const bool by_default : {true, false}) {
        for (const auto& [id, profile] : profiles) {
            if (fits(profile, setting) && (profile.default_unit_id == unit) == by_default) add(profile, unit);
        }
    }
}

void ModelCheck::add(const config::Profile& profile, int unit) {
    candidates_.push_back({&profile, RegisterValues(profile, unit, {}), {}});
    auto& candidate = candidates_.back();
    const auto need = [&](const config::Conditions& conditions) {
        for (const auto& condition : conditions) {
            candidate.spans.emplace(condition.reg, spans_of(profile, candidate.values, condition.reg));
        }
    };
    need(profile.identify);
    if (!profile.identify.empty() || profile.state.empty()) return;
    // The register the state is told from; what else the rules look at would only refine it.
    need({profile.state.front().when.empty() ? config::Condition{} : profile.state.front().when.front()});
}

std::optional<ModelCheck::Look> ModelCheck::next_of(const Candidate& candidate) const {
    for (const auto& [name, spans] : candidate.spans) {
        for (const auto& span : spans) {
            if (asked_.contains(span)) continue;
            const auto& pacing = candidate.profile->pacing;
            return Look{span, std::max(pacing.gap, careful_gap), pacing.reply_timeout};
        }
    }
    return std::nullopt;
}

std::optional<ModelCheck::Look> ModelCheck::next() const {
    for (const auto& candidate : candidates_) {
        if (candidate.profile->identify.empty() || ruled_out(candidate)) continue;
        if (auto look = next_of(candidate)) return look;
    }
    if (!models().empty()) return std::nullopt;
    for (const auto& candidate : candidates_) {
        if (!candidate.profile->identify.empty()) continue;
        if (auto look = next_of(candidate)) return look;
    }
    return std::nullopt;
}

void ModelCheck::answered(const Span& span, const Words& words, SteadyTime at) {
    asked_[span] = true;
    for (auto& candidate : candidates_) candidate.values.store(span, words, at);
}

void ModelCheck::not_answered(const Span& span) {
    asked_[span] = false;
}

bool ModelCheck::known(const Candidate& candidate, const std::string& reg) const {
    const auto& spans = candidate.spans.at(reg);
    return std::all_of(spans.begin(), spans.end(), [&](const Span& span) { return asked_.contains(span); });
}

bool ModelCheck::condition_holds(const Candidate& candidate, const config::Condition& condition) const {
    const auto& spans = candidate.spans.at(condition.reg);
    if (spans.empty()) return false;
    const auto found = asked_.find(spans.front());
    const bool there = found != asked_.end() && found->second;
    if (condition.exists && *condition.exists != there) return false;
    return asks_existence_only(condition) || holds(condition, candidate.values);
}

bool ModelCheck::ruled_out(const Candidate& candidate) const {
    const auto& conditions = candidate.profile->identify;
    return std::any_of(conditions.begin(), conditions.end(), [&](const config::Condition& condition) {
        return known(candidate, condition.reg) && !condition_holds(candidate, condition);
    });
}

bool ModelCheck::identified(const Candidate& candidate) const {
    const auto& conditions = candidate.profile->identify;
    return !conditions.empty() &&
           std::all_of(conditions.begin(), conditions.end(), [&](const config::Condition& condition) {
               return known(candidate, condition.reg) && condition_holds(candidate, condition);
           });
}

bool ModelCheck::makes_sense(const Candidate& candidate) const {
    if (!candidate.profile->identify.empty() || candidate.spans.empty()) return false;
    const auto& spans = candidate.spans.begin()->second;
    const bool read = !spans.empty() && std::all_of(spans.begin(), spans.end(), [&](const Span& span) {
        const auto found = asked_.find(span);
        return found != asked_.end() && found->second;
    });
    Reading reading;
    if (read) judge_state(reading, *candidate.profile, candidate.values, std::nullopt, {}, SteadyTime{});
    return reading.state != CpState::unknown;
}

std::vector<std::string> ModelCheck::models() const {
    std::vector<std::string> ids;
    for (const auto& candidate : candidates_) {
        if (identified(candidate)) ids.push_back(candidate.profile->id);
    }
    return ids;
}

std::vector<std::string> ModelCheck::could_be() const {
    std::vector<std::string> ids;
    if (!models().empty()) return ids;
    for (const auto& candidate : candidates_) {
        if (makes_sense(candidate)) ids.push_back(candidate.profile->id);
    }
    return ids;
}

}  // namespace busbar::adapters

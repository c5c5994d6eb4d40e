// SPDX-License-Identifier: Apache-2.0
// One ask after the other; what an answer means for the asks to come.
#include "adapters/scan.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <utility>

#include "adapters/registers.hpp"
#include "adapters/scan_hello.hpp"

namespace busbar::adapters {
namespace {

constexpr milliseconds patience{1000};      // with a box that seems to answer late
constexpr milliseconds between_asks{100};   // after an answer of the same unit
constexpr int most_open_failures = 3;       // a second apart
constexpr std::size_t units_that_show = 4;  // so many answers without a silence: the unit id does not matter

/// A converter's word that the device behind it is not there: MODBUS Application Protocol V1.1b3, chapter 7.
bool is_nobody(const ExchangeError& error) {
    return error.code == Errc::timeout ||
           (error.code == Errc::refused && (error.exception == 10 || error.exception == 11));
}

/// Those that speak this protocol there: what answers in a maker's protocol is the maker's.
std::vector<std::string> models_at(const ProfileLibrary& profiles, const ScanSetting& setting) {
    std::vector<std::string> ids;
    for (const auto& [id, profile] : profiles) {
        if (fits(profile, setting)) ids.push_back(id);
    }
    return ids;
}

}  // namespace

Scan::Scan(config::Bus bus, std::shared_ptr<const ProfileLibrary> profiles, ScanOptions options,
           LineAt line_at)
    : bus_(std::move(bus)),
      profiles_(std::move(profiles)),
      options_(std::move(options)),
      line_at_(std::move(line_at)) {}

Next Scan::step(SteadyTime now) {
    if (!began_) {
        began_ = now;
        listens_from_ = now;
        later_ = cost_of(plan_known_models(bus_, *profiles_, options_.scope)) +
                 cost_of(plan_sweep(bus_, *profiles_, options_.scope));
    }
    Next next{false, now};
    switch (findings_.phase) {
        case ScanPhase::ended:
            return {true, now};
        case ScanPhase::listening:
            listen(now);
            // A line on which nothing can be heard comes back at once.
            if (findings_.phase == ScanPhase::listening) next.at = now + listen_slice;
            break;
        default:
            next = check_ ? look(now) : ask(now);
            break;
    }
    tell_progress(next.at);
    return {findings_.phase == ScanPhase::ended, next.at};
}

void Scan::begin(ScanPhase phase, std::vector<ScanStage> stages) {
    findings_.phase = phase;
    stages_.assign(std::make_move_iterator(stages.begin()), std::make_move_iterator(stages.end()));
    stages_cost_ = SteadyEpoch::duration(0);
    for (const auto& stage : stages_) stages_cost_ += cost_of(stage);
    asked_ = 0;
    if (stages_.empty()) next_phase();
}

void Scan::next_stage() {
    stages_cost_ -= cost_of(stages_.front());
    stages_.pop_front();
    asked_ = 0;
    again_.clear();
    last_silent_.reset();
    open_failures_ = 0;
    if (stages_.empty()) next_phase();
}

void Scan::next_phase() {
    if (findings_.phase != ScanPhase::known_models) return end(ScanEnd::complete);
    later_ = SteadyEpoch::duration(0);
    if (!findings_.found.empty() && !options_.thorough && bus_.kind == config::BusKind::tcp) {
        findings_.usual_units_only = true;
        return end(ScanEnd::complete);
    }
    if (findings_.found.empty() || options_.thorough) {
        return begin(ScanPhase::sweep, plan_sweep(bus_, *profiles_, options_.scope));
    }
    std::vector<ScanStage> stages;
    for (const auto& one : findings_.found) {
        const bool known = std::any_of(stages.begin(), stages.end(),
                                       [&](const ScanStage& stage) { return stage.setting == one.setting; });
        if (!known && !one.any_unit) stages.push_back(plan_units(one.setting, *profiles_, options_.scope));
    }
    begin(ScanPhase::units, std::move(stages));
}

void Scan::end(ScanEnd how) {
    if (findings_.phase == ScanPhase::ended) return;
    const bool shut = how == ScanEnd::complete && findings_.settings.empty() && !findings_.problem.empty();
    findings_.end = shut ? ScanEnd::unreachable : how;
    findings_.phase = ScanPhase::ended;
    findings_.doing.clear();
    stages_.clear();
    check_.reset();
}

SettingCount& Scan::count() {
    const auto& setting = stages_.front().setting;
    auto& all = findings_.settings;
    const auto known = std::find_if(all.begin(), all.end(),
                                    [&](const SettingCount& each) { return each.setting == setting; });
    if (known != all.end()) return *known;
    all.push_back({setting, 0, 0, 0, 0, {}});
    return all.back();
}

Result<Line*> Scan::line() {
    const auto& setting = stages_.front().setting;
    if (open_at_ != setting) {
        const auto line = line_at_(setting);
        if (!line) return line.error();
        line_ = *line;
        open_at_ = setting;
    }
    return line_;
}

/// When `unit` may be asked.
Result<SteadyTime> Scan::ready(int unit, milliseconds gap) {
    const auto open_line = line();
    if (!open_line) return open_line.error();
    const auto opened = (*open_line)->open();
    if (!opened) return opened.error();
    open_failures_ = 0;
    const auto last = line_->last_answer(unit);
    return last ? std::max(*opened, last->at + gap) : *opened;
}

Next Scan::cannot_open(const Error& error, SteadyTime now) {
    if (error.code == Errc::cancelled) {
        end(ScanEnd::stopped);
        return {true, now};
    }
    if (error.code != Errc::unsupported) findings_.problem = error.detail;
    const bool never_spoke = findings_.settings.empty();
    const bool hopeless = error.code == Errc::unsupported || ++open_failures_ >= most_open_failures;
    if (!hopeless) return {false, now + 1s};
    check_.reset();
    if (never_spoke && error.code != Errc::unsupported) {
        end(ScanEnd::unreachable);
    } else {
        next_stage();
    }
    return {false, now};
}

bool Scan::answers(int unit) const {
    const auto& setting = stages_.front().setting;
    return std::any_of(findings_.found.begin(), findings_.found.end(), [&](const Found& one) {
        const auto& also = one.also_at;
        const bool here =
            one.setting == setting || std::find(also.begin(), also.end(), setting) != also.end();
        return one.unit == unit && here;
    });
}

/// The next ask of a unit that has not answered at this setting.
std::optional<Ask> Scan::next_ask() {
    if (!again_.empty()) return again_.front();
    const auto& asks = stages_.front().asks;
    while (asked_ < asks.size() && answers(asks[asked_].span.unit)) ++asked_;
    if (asked_ < asks.size()) return asks[asked_];
    return std::nullopt;
}

Next Scan::ask(SteadyTime now) {
    const auto next = next_ask();
    if (!next) {
        next_stage();
        return {false, now};
    }
    const auto at = ready(next->span.unit, between_asks);
    if (!at) return cannot_open(at.error(), now);
    if (*at > now) return {false, *at};
    findings_.doing = fmt::format("{}: unit {}", to_text(stages_.front().setting), next->span.unit);
    conclude(*next, put(*next));
    return {false, now};
}

Exchange<Scan::Answer> Scan::put(const Ask& ask) {
    const Terms terms{ask.reply_timeout, {}};
    if (auto* registers = line_->registers()) {
        auto words = registers->read(ask.span, terms);
        if (!words) return words.error();
        return Answer{fmt::format("{} = {:04X}", to_text(ask.span), fmt::join(*words, " ")),
                      std::move(*words)};
    }
    auto message = say_hello(*line_->frames(), stages_.front().setting.protocol, ask.span.unit, terms);
    if (!message) return message.error();
    return Answer{std::move(*message), std::nullopt};
}

void Scan::conclude(const Ask& ask, const Exchange<Answer>& answer) {
    const bool repeated = !again_.empty();
    if (repeated) {
        again_.pop_front();
    } else {
        ++asked_;
    }
    const auto error = error_of(answer);
    auto& counts = count();
    if (!error || (error->code == Errc::refused && !is_nobody(*error))) {
        ++counts.answered;
        return found(ask, answer);
    }
    unanswering_.insert(ask.span.unit);
    if (is_nobody(*error)) {
        ++counts.silent;
        if (!repeated) last_silent_ = ask.span;
    } else if (error->code == Errc::garbled) {
        if (!repeated) return garbled(ask);
        ++counts.garbled;
        counts.garbled_units.insert(ask.span.unit);
    } else if (error->code == Errc::unreachable) {
        ++counts.hung_up;
    } else if (error->code == Errc::cancelled) {
        end(ScanEnd::stopped);
    }
}

/// Bytes that are no answer to this may be the late answer to what was asked before: both get another ask,
/// with time.
void Scan::garbled(const Ask& ask) {
    if (last_silent_) again_.push_back({*last_silent_, patience});
    last_silent_.reset();
    again_.push_back({ask.span, patience});
}

void Scan::found(const Ask& ask, const Exchange<Answer>& answer) {
    const auto& setting = stages_.front().setting;
    std::erase_if(again_, [&](const Ask& each) { return each.span.unit == ask.span.unit; });
    unanswering_.erase(ask.span.unit);
    auto words =
        answer ? answer->words : fmt::format("{}: exception {}", to_text(ask.span), answer.error().exception);
    findings_.found.push_back({ask.span.unit, setting, std::move(words), {}, {}, {}, false});
    if (answer && !answer->registers) return checked(models_at(*profiles_, setting), {});
    twins_ = models_elsewhere(ask.span.unit);
    check_.emplace(twins_.empty() ? *profiles_ : twins_, setting, ask.span.unit);
    if (answer) check_->answered(ask.span, *answer->registers, SteadyTime{});
}

/// The models of who answered with this unit id at another setting: most likely it is the same device again.
ProfileLibrary Scan::models_elsewhere(int unit) const {
    ProfileLibrary models;
    for (const auto& one : findings_.found) {
        if (one.unit != unit) continue;
        for (const auto& id : one.models) models.emplace(id, profiles_->at(id));
    }
    return models;
}

/// One step of finding out which model it is.
Next Scan::look(SteadyTime now) {
    const auto next = check_->next();
    if (!next && !twins_.empty() && check_->models().empty()) {  // it is another one
        twins_.clear();
        check_.emplace(*profiles_, stages_.front().setting, findings_.found.back().unit);
        return {false, now};
    }
    if (!next) {
        checked(check_->models(), check_->could_be());
        return {false, now};
    }
    const auto at = ready(next->span.unit, next->gap);
    if (!at) return cannot_open(at.error(), now);
    if (*at > now) return {false, *at};
    findings_.doing = fmt::format("unit {}: which model it is", next->span.unit);
    const auto answer = line_->registers()->read(next->span, {next->reply_timeout, {}});
    if (answer) {
        check_->answered(next->span, *answer, now);
    } else if (answer.error().code == Errc::cancelled) {
        end(ScanEnd::stopped);
    } else {
        check_->not_answered(next->span);
    }
    return {false, now};
}

/// The same at another setting is one device to which the setting does not matter, as on a pseudo terminal.
void Scan::checked(std::vector<std::string> models, std::vector<std::string> could_be) {
    auto fresh = std::move(findings_.found.back());
    findings_.found.pop_back();
    fresh.models = std::move(models);
    fresh.could_be = std::move(could_be);
    check_.reset();
    for (auto& known : findings_.found) {
        const bool same =
            known.unit == fresh.unit && known.models == fresh.models && known.could_be == fresh.could_be;
        if (!same) continue;
        known.also_at.push_back(fresh.setting);
        return;
    }
    findings_.found.push_back(std::move(fresh));
    findings_.first_only = options_.first;
    if (options_.first) return end(ScanEnd::complete);
    narrow();
}

bool Scan::answers_everywhere() const {
    return bus_.kind == config::BusKind::tcp && unanswering_.empty() &&
           findings_.found.size() >= units_that_show;
}

/// What need not be asked any more now that somebody answered.
void Scan::narrow() {
    if (answers_everywhere()) {
        findings_.found.resize(1);
        findings_.found.front().any_unit = true;
        return end(ScanEnd::complete);
    }
    if (findings_.phase == ScanPhase::known_models && !options_.thorough) {
        later_ = bus_.kind == config::BusKind::tcp
                     ? SteadyEpoch::duration(0)
                     : cost_of(plan_units(findings_.found.front().setting, *profiles_, options_.scope));
    }
    const bool first_of_sweep = findings_.phase == ScanPhase::sweep && findings_.found.size() == 1;
    if (!first_of_sweep || options_.thorough) return;
    begin(ScanPhase::units, {plan_units(findings_.found.front().setting, *profiles_, options_.scope)});
}

void Scan::tell_progress(SteadyTime now) {
    auto& progress = findings_.progress;
    if (findings_.phase == ScanPhase::ended) {
        findings_.left = SteadyEpoch::duration(0);
        if (findings_.end == ScanEnd::complete) progress = 1;
        return;
    }
    auto left = later_ + stages_cost_;
    if (!stages_.empty() && !stages_.front().asks.empty()) {
        const auto share = static_cast<double>(asked_) / static_cast<double>(stages_.front().asks.size());
        const auto done = std::chrono::duration<double, std::micro>(cost_of(stages_.front())) * share;
        left -= std::chrono::duration_cast<SteadyEpoch::duration>(done);
    }
    if (findings_.phase == ScanPhase::listening)
        left += std::max(listen_for - (now - listens_from_), SteadyEpoch::duration(0));
    findings_.left = left;
    const auto spent = std::chrono::duration<double>(now - *began_);
    const auto rest = std::chrono::duration<double>(left);
    if (findings_.phase != ScanPhase::listening && spent.count() > 0) {
        progress = std::max(progress, spent / (spent + rest));
    }
}

}  // namespace busbar::adapters

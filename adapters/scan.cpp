// SPDX-License-Identifier: Apache-2.0
// One ask after the other; what an answer means for the asks to come.
#include "adapters/scan.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <utility>

#include "adapters/registers.hpp"

namespace busbar::adapters {
namespace {

constexpr milliseconds listen_for{2000};
constexpr milliseconds listen_slice{100};
constexpr milliseconds patience{1000};      // with a box that seems to answer late
constexpr milliseconds between_asks{100};   // after an answer of the same unit
constexpr int most_open_failures = 3;       // a second apart
constexpr std::size_t units_that_show = 4;  // so many answers without a silence: the unit id does not matter

/// A converter's word that the device behind it is not there: MODBUS Application Protocol V1.1b3, chapter 7.
bool is_nobody(const ExchangeError& error) {
    return error.code == Errc::timeout ||
           (error.code == Errc::refused && (error.exception == 10 || error.exception == 11));
}

std::string words_of(const Span& span, const Exchange<Words>& answer) {
    if (answer) return fmt::format("{} = {:04X}", to_text(span), fmt::join(*answer, " "));
    return fmt::format("{}: exception {}", to_text(span), answer.error().exception);
}

SteadyEpoch::duration cost_of(const std::vector<ScanStage>& stages) {
    SteadyEpoch::duration cost{0};
    for (const auto& stage : stages) cost += adapters::cost_of(stage);
    return cost;
}

}  // namespace

Scan::Scan(config::Bus bus, std::shared_ptr<const ProfileLibrary> profiles, ScanOptions options,
           LineAt line_at)
    : bus_(std::move(bus)),
      profiles_(std::move(profiles)),
      options_(std::move(options)),
      line_at_(std::move(line_at)) {}

Next Scan::step(SteadyTime now) {
    if (!began_) began_ = now;
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

/// A line that cannot be opened is told by the first ask.
void Scan::listen(SteadyTime now) {
    const auto open = line_at_({bus_, config::Protocol::modbus});
    const auto heard = open ? (*open)->listen(listen_slice) : open.error();
    if (heard) findings_.heard.add(*heard);
    findings_.doing = "listening";
    if (heard && findings_.heard.somebody() && !options_.anyway) return end(ScanEnd::line_in_use);
    const bool nobody_speaks_unasked = bus_.kind == config::BusKind::tcp;
    if (heard && !nobody_speaks_unasked && now - *began_ < listen_for) return;
    later_ = cost_of(plan_sweep(bus_, *profiles_, options_.scope));
    begin(ScanPhase::known_models, plan_known_models(bus_, *profiles_, options_.scope));
}

void Scan::begin(ScanPhase phase, std::vector<ScanStage> stages) {
    findings_.phase = phase;
    stages_.assign(std::make_move_iterator(stages.begin()), std::make_move_iterator(stages.end()));
    stages_cost_ = SteadyEpoch::duration(0);
    for (const auto& stage : stages_) stages_cost_ += adapters::cost_of(stage);
    asked_ = 0;
    if (stages_.empty()) next_phase();
}

void Scan::next_stage() {
    stages_cost_ -= adapters::cost_of(stages_.front());
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

Result<Registers*> Scan::line() {
    const auto& setting = stages_.front().setting;
    if (open_at_ != setting) {
        const auto line = line_at_(setting);
        if (!line) return line.error();
        line_ = *line;
        open_at_ = setting;
    }
    Registers* registers = line_->registers();
    if (registers != nullptr) return registers;
    return Error{Errc::unsupported, "a line of this kind has no registers"};
}

/// When `unit` may be asked.
Result<SteadyTime> Scan::ready(int unit, milliseconds gap) {
    const auto registers = line();
    if (!registers) return registers.error();
    const auto opened = (*registers)->open();
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
    findings_.problem = error.detail;
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
    conclude(*next, line_->registers()->read(next->span, {next->reply_timeout, {}}));
    return {false, now};
}

void Scan::conclude(const Ask& ask, const Exchange<Words>& answer) {
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

void Scan::found(const Ask& ask, const Exchange<Words>& answer) {
    std::erase_if(again_, [&](const Ask& each) { return each.span.unit == ask.span.unit; });
    unanswering_.erase(ask.span.unit);
    findings_.found.push_back(
        {ask.span.unit, stages_.front().setting, words_of(ask.span, answer), {}, {}, {}, false});
    check_.emplace(*profiles_, stages_.front().setting, ask.span.unit);
    if (answer) check_->answered(ask.span, *answer, SteadyTime{});
}

/// One step of finding out which model it is.
Next Scan::look(SteadyTime now) {
    const auto next = check_->next();
    if (!next) {
        checked();
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
void Scan::checked() {
    auto fresh = std::move(findings_.found.back());
    findings_.found.pop_back();
    fresh.models = check_->models();
    fresh.could_be = check_->could_be();
    check_.reset();
    for (auto& known : findings_.found) {
        const bool same =
            known.unit == fresh.unit && known.models == fresh.models && known.could_be == fresh.could_be;
        if (!same) continue;
        known.also_at.push_back(fresh.setting);
        return;
    }
    findings_.found.push_back(std::move(fresh));
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
        later_ =
            bus_.kind == config::BusKind::tcp
                ? SteadyEpoch::duration(0)
                : adapters::cost_of(plan_units(findings_.found.front().setting, *profiles_, options_.scope));
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
        const auto done =
            std::chrono::duration<double, std::micro>(adapters::cost_of(stages_.front())) * share;
        left -= std::chrono::duration_cast<SteadyEpoch::duration>(done);
    }
    if (findings_.phase == ScanPhase::listening)
        left += std::max(listen_for - (now - *began_), SteadyEpoch::duration(0));
    findings_.left = left;
    const auto spent = std::chrono::duration<double>(now - *began_);
    const auto rest = std::chrono::duration<double>(left);
    if (findings_.phase != ScanPhase::listening && spent.count() > 0) {
        progress = std::max(progress, spent / (spent + rest));
    }
}

}  // namespace busbar::adapters

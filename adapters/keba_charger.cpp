// SPDX-License-Identifier: Apache-2.0
// Which commands a KEBA is given, and how it is kept at its limit.
#include "adapters/keba_charger.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace busbar::adapters {
namespace {

constexpr milliseconds between_datagrams{100};
constexpr seconds failsafe_after{60};  // the box takes 10 to 600
constexpr seconds failsafe_armed_each{20};
constexpr int most_unanswered = 3;

constexpr seconds between_starts{10};  // the box shows only with its next report that it took the last
constexpr std::string_view any_class = "01010400000000000000";

constexpr int device_report = 1;
constexpr int state_report = 2;
constexpr int meter_report = 3;
constexpr int session_report = 100;

constexpr int enable_setting = 0;
constexpr int current_setting = 1;

config::Profile at_its_pace(config::Profile profile) {
    profile.pacing.gap = std::max(profile.pacing.gap, between_datagrams);
    return profile;
}

int milliamperes(Amperes current) {
    return static_cast<int>(std::floor(current.value() * 1000 + 1e-6));
}

/// A command and its acknowledgement.
Dialog command(std::string text) {
    Dialog dialog;
    dialog.take = [text](std::string_view reply) -> Result<void> {
        if (is_keba_consent(reply)) return {};
        return Error{Errc::refused, fmt::format("\"{}\" is answered with \"{}\"", text, reply)};
    };
    dialog.request = std::move(text);
    dialog.is_reply = is_keba_acknowledgement;
    dialog.intent = Intent::write;
    return dialog;
}

}  // namespace

KebaCharger::KebaCharger(config::Profile profile, Placement placement, FrameLine& line, Log log)
    : DialogCharger(at_its_pace(std::move(profile)), std::move(placement), line, std::move(log)) {}

Capabilities KebaCharger::capabilities() const {
    auto able = DialogCharger::capabilities();
    able.unlock = true;
    able.card_reader = true;
    return able;
}

DeviceIdentity KebaCharger::identity() const {
    return {values_.serial, values_.firmware, {}, {}};
}

LimitBounds KebaCharger::bounds() const {
    const auto limit = profile().limit.value_or(config::Limit{});
    auto max = Amperes(limit.max_a);
    if (values_.hardware_ma && values_.hardware_ma->value > 0) {
        max = std::min(max, Amperes(values_.hardware_ma->value / 1000));
    }
    return {Amperes(limit.min_a), max, Amperes(limit.step_a)};
}

std::vector<DialogCharger::Question> KebaCharger::cycle_questions(SteadyTime /*now*/) {
    std::vector<Question> questions{state_report, meter_report};
    if (values_.auth_on && values_.auth_on->value > 0) questions.push_back(session_report);
    return questions;
}

std::vector<DialogCharger::Question> KebaCharger::bring_up_questions() const {
    return {device_report, state_report};
}

bool KebaCharger::is_optional(Question question) const {
    return question != state_report && question != meter_report;
}

Dialog KebaCharger::ask(Question question, SteadyTime now) {
    Dialog dialog;
    dialog.request = fmt::format("report {}", question);
    dialog.is_reply = [question](std::string_view message) {
        return is_keba_acknowledgement(message) || keba_report_number(message) == question;
    };
    dialog.take = [this, question, now](std::string_view reply) -> Result<void> {
        if (is_keba_acknowledgement(reply)) {
            return Error{Errc::refused, fmt::format("report {} is refused: {}", question, reply)};
        }
        merge_keba(values_, reply, now);
        if (question == state_report) compare();
        return {};
    };
    return dialog;
}

void KebaCharger::hear(std::string_view message, SteadyTime now) {
    merge_keba(values_, message, now);
}

/// The current that the user asked for counts only where the box offers more than we want: some firmware
/// leaves it at its maximum.
void KebaCharger::compare() {
    const auto limit = kept_limit();
    if (!limit) return;
    const bool pause = *limit <= Amperes(0);
    if (values_.enable_user) {
        const bool on = values_.enable_user->value > 0;
        settings().show(enable_setting, on != pause ? Seen::as_wanted : on ? Seen::more : Seen::less);
    }
    if (pause || !values_.user_ma) return;
    const double wanted = milliamperes(*limit);
    const bool offers_more = !values_.offered_ma || values_.offered_ma->value > wanted;
    auto seen = Seen::as_wanted;
    if (values_.user_ma->value > wanted && offers_more) seen = Seen::more;
    if (values_.user_ma->value < wanted) seen = Seen::less;
    settings().show(current_setting, seen);
}

std::vector<Setting> KebaCharger::settings_of(Amperes current) const {
    if (current <= Amperes(0)) return {{enable_setting, 0}, {current_setting, 0, true}};
    return {{current_setting, milliamperes(current)}, {enable_setting, 1}};
}

Dialog KebaCharger::set(const Setting& setting) {
    return command(fmt::format("{} {}", setting.id == enable_setting ? "ena" : "curr", setting.value));
}

int KebaCharger::failsafe_milliamperes() const {
    const auto& installation = placement().installation;
    return milliamperes(feasible(installation.failsafe_current, bounds(), installation.max_current));
}

/// We offer only what a transaction allows, so that a box which wants cards of its own must not hold it back.
bool KebaCharger::wants_start() const {
    const auto limit = kept_limit();
    return limit && *limit > Amperes(0) && values_.state && keba_reading(values_).auth_wait;
}

/// In the name of the card that the box itself has seen, else in ours.
Dialog KebaCharger::start() {
    const bool has_card = keba_reading(values_).id_tag.has_value();
    auto dialog = command(
        fmt::format("start {} {}", has_card ? std::string_view(values_.card) : keba_own_card, any_class));
    dialog.take = [this, judge = dialog.take](std::string_view reply) {
        auto result = judge(reply);
        if (!result && !std::exchange(start_refused_, true)) {
            log().warning("start_refused",
                          "the charger wants a card and does not take the gateway's word for one: " +
                              result.error().detail + "; switch its authorisation off");
        }
        if (result) start_refused_ = false;
        return result;
    };
    return dialog;
}

/// The failsafe is not stored in the box: another gateway must not find it.
std::optional<Dialog> KebaCharger::duty(SteadyTime now) {
    if (now >= start_due_ && wants_start()) {
        start_due_ = now + between_starts;
        return start();
    }
    if (!failsafe_known_ || now < failsafe_due_) return std::nullopt;
    failsafe_due_ = now + failsafe_armed_each;
    if (++failsafe_unanswered_ > most_unanswered) {
        failsafe_answered(false);
        return std::nullopt;
    }
    auto dialog = command(fmt::format("failsafe {} {} 0", failsafe_after.count(), failsafe_milliamperes()));
    dialog.take = [this, judge = dialog.take](std::string_view reply) {
        auto result = judge(reply);
        failsafe_answered(result.has_value());
        return result;
    };
    return dialog;
}

void KebaCharger::failsafe_answered(bool taken) {
    if (taken) {
        failsafe_unanswered_ = 0;
    } else if (std::exchange(failsafe_known_, false)) {
        log().warning("no_failsafe",
                      "the charger does not take the command failsafe: when the gateway dies its last limit "
                      "stays; newer firmware may know it");
    }
}

std::vector<DialogCharger::SequenceStep> KebaCharger::sequence_of(const Command& command_,
                                                                  SteadyTime /*now*/) {
    if (!std::holds_alternative<Unlock>(command_)) return {};
    return {{command("unlock")}};
}

Reading KebaCharger::judge(const std::optional<Reading>& /*previous*/, SteadyTime /*now*/) const {
    return keba_reading(values_);
}

void KebaCharger::forget() {
    values_ = {};
    start_due_ = SteadyTime{};
    start_refused_ = false;
    failsafe_due_ = SteadyTime{};
    failsafe_unanswered_ = 0;
    failsafe_known_ = true;
}

}  // namespace busbar::adapters

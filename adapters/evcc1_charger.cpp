// SPDX-License-Identifier: Apache-2.0
// Which commands an EVCC is given and what its replies mean.
#include "adapters/evcc1_charger.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace busbar::adapters {
namespace {

using enum Evcc1Command;

constexpr int pilot_is_off = 17;  // status A'
constexpr int reset_key = 1111;
constexpr milliseconds unplugged_for{3000};  // field: long enough for a sleeping car to notice
constexpr seconds settles_in{10};            // until the car is seen again after that
constexpr seconds between_attempts{10};

constexpr int duty_setting = 0;
constexpr int break_setting = 1;

int number_of(Evcc1Command command) {
    return static_cast<int>(command);
}

}  // namespace

Evcc1Charger::Evcc1Charger(config::Profile profile, Placement placement, FrameLine& line, Log log)
    : DialogCharger(std::move(profile), std::move(placement), line, std::move(log)) {}

Capabilities Evcc1Charger::capabilities() const {
    auto able = DialogCharger::capabilities();
    able.wake_up = true;
    able.reboot = true;
    return able;
}

DeviceIdentity Evcc1Charger::identity() const {
    return {{}, firmware_, {}, {}};
}

LimitBounds Evcc1Charger::bounds() const {
    const auto limit = profile().limit.value_or(config::Limit{});
    auto max = Amperes(limit.max_a);
    const auto stored = default_duty_ ? evcc1_current(*default_duty_) : Amperes(0);
    if (stored > Amperes(0)) max = std::min(max, stored);
    return {Amperes(limit.min_a), max, Amperes(limit.step_a)};
}

std::vector<DialogCharger::Question> Evcc1Charger::cycle_questions(SteadyTime /*now*/) {
    return {number_of(status), number_of(present_duty), number_of(break_flag)};
}

std::vector<DialogCharger::Question> Evcc1Charger::bring_up_questions() const {
    return {number_of(default_duty), number_of(firmware)};
}

bool Evcc1Charger::is_optional(Question question) const {
    return question == number_of(default_duty) || question == number_of(firmware);
}

Dialog Evcc1Charger::dialog(Evcc1Command command, std::optional<int> parameter) const {
    const int unit = placement().unit;
    Dialog dialog;
    dialog.request = evcc1_request(unit, command, parameter);
    dialog.is_reply = [unit, command, parameter](std::string_view message) {
        const auto reply = parse_evcc1_reply(message);
        if (!reply || reply->address != unit || reply->command != number_of(command)) return false;
        // A write may be repeated in its reply: one with another value is the late reply to an older write.
        const auto value = evcc1_number(reply->value);
        return !parameter || !value || *value == *parameter;
    };
    dialog.take = [](std::string_view /*reply*/) { return Result<void>(); };
    dialog.intent = Intent::write;
    return dialog;
}

Dialog Evcc1Charger::ask(Question question, SteadyTime now) {
    const auto command = static_cast<Evcc1Command>(question);
    auto question_dialog = dialog(command);
    question_dialog.take = [this, command, now](std::string_view reply) {
        return take(command, parse_evcc1_reply(reply)->value, now);
    };
    question_dialog.intent = Intent::read;
    return question_dialog;
}

Result<void> Evcc1Charger::take(Evcc1Command command, const std::string& value, SteadyTime now) {
    if (command == firmware) {
        firmware_ = value;
        return {};
    }
    const auto number = evcc1_number(value);
    if (!number) {
        return Error{Errc::garbled, fmt::format("command {:02} is answered with \"{}\" instead of a number",
                                                number_of(command), value)};
    }
    if (command == status) status_ = Measured<int>{*number, now};
    if (command == default_duty) default_duty_ = *number;
    if (command == present_duty) {
        present_duty_ = *number;
        settings().show(duty_setting, seen_duty(*number));
    }
    if (command == break_flag) {
        broken_ = *number != 0;
        settings().show(break_setting, seen_flag(*broken_));
    }
    return {};
}

/// A duty cycle below the wanted one is the box's own: a thinner cable, or no car at all.
Seen Evcc1Charger::seen_duty(int duty) const {
    const auto limit = kept_limit();
    if (!limit) return Seen::as_wanted;
    const auto offered = evcc1_current(duty);
    if (*limit <= Amperes(0)) {
        const bool charges = status_ && evcc1_status(status_->value).state == CpState::C2;
        const bool halted = broken_.value_or(false) && !charges;
        return offered > Amperes(0) && !halted ? Seen::more : Seen::as_wanted;
    }
    if (offered > evcc1_current(evcc1_duty(*limit))) return Seen::more;
    return duty == evcc1_not_allowed ? Seen::less : Seen::as_wanted;
}

Seen Evcc1Charger::seen_flag(bool broken) const {
    const auto limit = kept_limit();
    if (!limit || broken == (*limit <= Amperes(0))) return Seen::as_wanted;
    return broken ? Seen::less : Seen::more;
}

std::vector<Setting> Evcc1Charger::settings_of(Amperes current) const {
    const bool pause = current <= Amperes(0);
    return {{duty_setting, pause ? evcc1_not_allowed : evcc1_duty(current)}, {break_setting, pause ? 1 : 0}};
}

Dialog Evcc1Charger::set(const Setting& setting) {
    if (setting.id == duty_setting) return dialog(set_duty, setting.value);
    return dialog(setting.value != 0 ? set_break : clear_break);
}

/// A pilot that stayed switched off, because the gateway died while it woke a car, is switched on again.
std::optional<Dialog> Evcc1Charger::duty(SteadyTime now) {
    const bool left_off = status_ && status_->value == pilot_is_off && now >= waking_until_;
    if (!left_off || (pilot_told_ != SteadyTime::min() && now < pilot_told_ + between_attempts)) {
        return std::nullopt;
    }
    pilot_told_ = now;
    return dialog(pilot_on);
}

std::vector<DialogCharger::SequenceStep> Evcc1Charger::sequence_of(const Command& command, SteadyTime now) {
    if (std::holds_alternative<Reboot>(command)) return {{dialog(reset, reset_key), 0ms, true}};
    if (!std::holds_alternative<WakeUp>(command)) return {};
    waking_until_ = now + unplugged_for + settles_in;
    return {{dialog(pilot_off), unplugged_for, false}, {dialog(pilot_on), 0ms, false}};
}

Reading Evcc1Charger::judge(const std::optional<Reading>& previous, SteadyTime now) const {
    const auto said = evcc1_status(status_->value);
    Reading reading;
    const bool waking = previous && now < waking_until_ && said.state == CpState::A;
    reading.state = waking ? previous->state : said.state;
    reading.taken_at = status_->taken_at;
    reading.locked_out = said.locked_out;
    reading.fault = said.fault;
    if (present_duty_) {
        reading.offered = broken_.value_or(false) ? Amperes(0) : evcc1_current(*present_duty_);
    }
    return reading;
}

void Evcc1Charger::forget() {
    default_duty_.reset();
    present_duty_.reset();
    broken_.reset();
}

}  // namespace busbar::adapters

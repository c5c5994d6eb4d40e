// SPDX-License-Identifier: Apache-2.0
#include "gateway/box/panel.hpp"

#include <utility>

namespace busbar::gateway {
namespace {

constexpr milliseconds tick_interval{20};  // a press is longer, a contact bounces shorter
constexpr milliseconds between_facts{500};
constexpr seconds between_tries{10};

}  // namespace

PanelPin::PanelPin(std::string name, config::Pin pin, PinUse use, Log log)
    : name_(std::move(name)), pin_(std::move(pin)), use_(use), log_(std::move(log)) {}

void PanelPin::show(bool active, SteadyTime now) {
    if (shown_ == active || !is_open(now)) return;
    if (const auto written = handle_->write(active); !written) return failed(written.error(), now);
    shown_ = active;
}

std::optional<bool> PanelPin::look(SteadyTime now) {
    if (!is_open(now)) return std::nullopt;
    const auto level = handle_->read();
    if (level) return *level;
    failed(level.error(), now);
    return std::nullopt;
}

bool PanelPin::is_open(SteadyTime now) {
    if (handle_) return true;
    if (try_again_at_ && now < *try_again_at_) return false;
    auto opened = open_pin(pin_, use_);
    if (!opened) {
        failed(opened.error(), now);
        return false;
    }
    handle_ = *std::move(opened);
    told_ = false;
    return true;
}

void PanelPin::failed(const Error& error, SteadyTime now) {
    handle_.reset();
    shown_.reset();
    try_again_at_ = now + between_tries;
    if (!std::exchange(told_, true)) log_.warning("pin_failed", error.detail, {{"pin", name_}});
}

Panel::Panel(Ports ports) : ports_(std::move(ports)), timer_(ports_.loop) {}

void Panel::apply(const config::Hardware& hardware) {
    if (hardware_ == hardware) return;
    hardware_ = hardware;
    timer_.cancel();
    const auto make = [&](std::optional<PanelPin>& pin, const char* name, const auto& settings, PinUse use) {
        pin.reset();
        if (settings) pin.emplace(name, *settings, use, ports_.log);
    };
    make(status_, "status", hardware.status_led, PinUse::output_off);
    make(alarm_, "alarm", hardware.alarm_led, PinUse::output_off);
    make(charging_, "charging", hardware.charging_led, PinUse::output_off);
    const auto pin_of = [](const std::optional<config::InputPin>& input) {
        return input ? std::optional(input->pin) : std::nullopt;
    };
    make(button_, "button", pin_of(hardware.button), PinUse::input);
    make(tamper_, "tamper", pin_of(hardware.tamper), PinUse::input);
    presses_.reset();
    housing_.reset();
    if (hardware.button) presses_.emplace(hardware.button->debounce);
    if (hardware.tamper) housing_.emplace(hardware.tamper->debounce);
    tick();
}

void Panel::stop() {
    timer_.cancel();
    const auto now = steady_now();
    for (auto* led : {&status_, &alarm_, &charging_}) {
        if (*led) (*led)->show(false, now);
    }
    hardware_.reset();
}

void Panel::tick() {
    const bool has_leds = status_ || alarm_ || charging_;
    if (!has_leds && !button_ && !tamper_) return;
    const auto now = steady_now();
    if (button_) read_button(now);
    if (tamper_) read_tamper(now);
    if (has_leds) light(now);
    timer_.expires_after(tick_interval);
    timer_.async_wait([this](const boost::system::error_code& cancelled) {
        if (!cancelled && hardware_) tick();
    });
}

void Panel::light(SteadyTime now) {
    if (!facts_at_ || now - *facts_at_ >= between_facts) {
        facts_ = ports_.facts();
        facts_at_ = now;
    }
    auto facts = facts_;
    if (presses_ && presses_->warns(now)) facts.resetting = true;
    const auto code = code_of(facts);
    if (code != code_) code_since_ = now;
    code_ = code;
    const auto& pattern = pattern_of(code);
    if (status_) status_->show(is_lit(pattern, std::chrono::floor<milliseconds>(now - code_since_)), now);
    if (alarm_) alarm_->show(pattern.alarm, now);
    if (charging_) charging_->show(facts.charging > 0, now);
}

void Panel::read_button(SteadyTime now) {
    const auto level = button_->look(now);
    if (!level) return;
    const auto press = presses_->on_level(*level, now);
    if (press == Press::brief) ports_.brief_press();
    if (press == Press::held) ports_.long_press();
}

void Panel::read_tamper(SteadyTime now) {
    const auto level = tamper_->look(now);
    if (!level || !housing_->on_level(*level, now)) return;
    ports_.log.warning("tamper", housing_->active() ? "The housing was opened." : "The housing was closed.",
                       {{"open", housing_->active() ? "true" : "false"}});
    ports_.tamper(housing_->active());
}

}  // namespace busbar::gateway

// SPDX-License-Identifier: Apache-2.0
// The one file that knows libgpiod: 1.6 of Debian 12, 2.x of Debian 13, whose interfaces have nothing in
// common.
#include <gpiod.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <string>

#include "gateway/box/pins.hpp"

namespace busbar::gateway {
namespace {

constexpr const char* consumer = "busbar";

struct Free {
#ifdef BUSBAR_GPIOD_2
    void operator()(gpiod_chip* chip) const {
        gpiod_chip_close(chip);
    }
    void operator()(gpiod_line_request* request) const {
        gpiod_line_request_release(request);
    }
    void operator()(gpiod_line_settings* settings) const {
        gpiod_line_settings_free(settings);
    }
    void operator()(gpiod_line_config* config) const {
        gpiod_line_config_free(config);
    }
    void operator()(gpiod_request_config* config) const {
        gpiod_request_config_free(config);
    }
#else
    void operator()(gpiod_chip* chip) const {
        gpiod_chip_close(chip);
    }  // with its lines
#endif
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

Error cannot(const config::Pin& pin, const char* what) {
    return {Errc::io, pin.chip + " line " + std::to_string(pin.line) + " cannot be " + what + ": " +
                          std::strerror(errno) +
                          ". See gpioinfo(1) for who has it; the daemon's user must be in the group gpio."};
}

#ifdef BUSBAR_GPIOD_2

class GpioPin final : public PinHandle {
  public:
    GpioPin(config::Pin pin, Owned<gpiod_line_request> request)
        : pin_(std::move(pin)), request_(std::move(request)) {}

    Result<bool> read() override {
        const auto value = gpiod_line_request_get_value(request_.get(), offset());
        if (value == GPIOD_LINE_VALUE_ERROR) return cannot(pin_, "read");
        return value == GPIOD_LINE_VALUE_ACTIVE;
    }
    Result<void> write(bool active) override {
        const auto value = active ? GPIOD_LINE_VALUE_ACTIVE : GPIOD_LINE_VALUE_INACTIVE;
        if (gpiod_line_request_set_value(request_.get(), offset(), value) != 0) return cannot(pin_, "set");
        return {};
    }

  private:
    [[nodiscard]] unsigned offset() const { return static_cast<unsigned>(pin_.line); }

    config::Pin pin_;
    Owned<gpiod_line_request> request_;
};

Owned<gpiod_line_settings> settings_of(const config::Pin& pin, PinUse use) {
    Owned<gpiod_line_settings> settings(gpiod_line_settings_new());
    if (!settings) return nullptr;
    const bool input = use == PinUse::input;
    gpiod_line_settings_set_direction(settings.get(),
                                      input ? GPIOD_LINE_DIRECTION_INPUT : GPIOD_LINE_DIRECTION_OUTPUT);
    gpiod_line_settings_set_active_low(settings.get(), pin.active_low);
    if (input && pin.active_low) gpiod_line_settings_set_bias(settings.get(), GPIOD_LINE_BIAS_PULL_UP);
    if (!input) {
        gpiod_line_settings_set_output_value(
            settings.get(), use == PinUse::output_on ? GPIOD_LINE_VALUE_ACTIVE : GPIOD_LINE_VALUE_INACTIVE);
    }
    return settings;
}

Owned<gpiod_line_request> request(const config::Pin& pin, PinUse use) {
    const Owned<gpiod_chip> chip(gpiod_chip_open(("/dev/" + pin.chip).c_str()));
    const auto settings = settings_of(pin, use);
    const Owned<gpiod_line_config> lines(gpiod_line_config_new());
    const Owned<gpiod_request_config> who(gpiod_request_config_new());
    if (!chip || !settings || !lines || !who) return nullptr;
    const auto offset = static_cast<unsigned>(pin.line);
    if (gpiod_line_config_add_line_settings(lines.get(), &offset, 1, settings.get()) != 0) return nullptr;
    gpiod_request_config_set_consumer(who.get(), consumer);
    return Owned<gpiod_line_request>(gpiod_chip_request_lines(chip.get(), who.get(), lines.get()));
}

Result<std::unique_ptr<PinHandle>> open_line(const config::Pin& pin, PinUse use) {
    auto requested = request(pin, use);
    if (!requested) return cannot(pin, "had");
    return std::make_unique<GpioPin>(pin, std::move(requested));
}

#else

class GpioPin final : public PinHandle {
  public:
    GpioPin(config::Pin pin, Owned<gpiod_chip> chip, gpiod_line* line)
        : pin_(std::move(pin)), chip_(std::move(chip)), line_(line) {}

    Result<bool> read() override {
        const int value = gpiod_line_get_value(line_);
        if (value < 0) return cannot(pin_, "read");
        return value == 1;
    }
    Result<void> write(bool active) override {
        if (gpiod_line_set_value(line_, active ? 1 : 0) != 0) return cannot(pin_, "set");
        return {};
    }

  private:
    config::Pin pin_;
    Owned<gpiod_chip> chip_;
    gpiod_line* line_;  ///< the chip's
};

int flags_of(const config::Pin& pin, PinUse use) {
    int flags = pin.active_low ? GPIOD_LINE_REQUEST_FLAG_ACTIVE_LOW : 0;
    if (pin.active_low && use == PinUse::input) flags |= GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_UP;
    return flags;
}

Result<std::unique_ptr<PinHandle>> open_line(const config::Pin& pin, PinUse use) {
    Owned<gpiod_chip> chip(gpiod_chip_open_by_name(pin.chip.c_str()));
    if (!chip) return cannot(pin, "had");
    auto* line = gpiod_chip_get_line(chip.get(), static_cast<unsigned>(pin.line));
    if (line == nullptr) return cannot(pin, "had");
    const int flags = flags_of(pin, use);
    const int taken = use == PinUse::input ? gpiod_line_request_input_flags(line, consumer, flags)
                                           : gpiod_line_request_output_flags(
                                                 line, consumer, flags, use == PinUse::output_on ? 1 : 0);
    if (taken != 0) return cannot(pin, "had");
    return std::make_unique<GpioPin>(pin, std::move(chip), line);
}

#endif

}  // namespace

Result<std::unique_ptr<PinHandle>> open_gpio(const config::Pin& pin, PinUse use) {
    return open_line(pin, use);
}

}  // namespace busbar::gateway

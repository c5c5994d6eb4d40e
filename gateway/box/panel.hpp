// SPDX-License-Identifier: Apache-2.0
// What is on the housing: LEDs driven, button and tamper switch read.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "config/hardware.hpp"
#include "gateway/base/log.hpp"
#include "gateway/box/led_codes.hpp"
#include "gateway/box/pins.hpp"
#include "gateway/box/press_decoder.hpp"

namespace busbar::gateway {

/// A pin of the profile. One that cannot be had, or fails, is said once and tried again each 10 s.
class PanelPin {
  public:
    PanelPin(std::string name, config::Pin pin, PinUse use, Log log);

    /// Written only when it is another.
    void show(bool active, SteadyTime now);
    /// Empty: it cannot be read just now.
    std::optional<bool> look(SteadyTime now);

  private:
    [[nodiscard]] bool is_open(SteadyTime now);
    void failed(const Error& error, SteadyTime now);

    std::string name_;
    config::Pin pin_;
    PinUse use_;
    Log log_;
    std::unique_ptr<PinHandle> handle_;
    std::optional<bool> shown_;
    std::optional<SteadyTime> try_again_at_;
    bool told_ = false;
};

/// Loop thread only. A box without LEDs, button and switch costs nothing.
class Panel {
  public:
    struct Ports {
        boost::asio::io_context& loop;
        std::function<LedFacts()> facts;
        std::function<void()> brief_press;
        std::function<void()> long_press;
        std::function<void(bool open)> tamper;  ///< the housing was opened, or closed
        Log log;
    };

    explicit Panel(Ports ports);

    /// At start and after each reload.
    void apply(const config::Hardware& hardware);
    void stop();

  private:
    void tick();
    void light(SteadyTime now);
    void read_button(SteadyTime now);
    void read_tamper(SteadyTime now);

    Ports ports_;
    boost::asio::steady_timer timer_;
    std::optional<config::Hardware> hardware_;
    std::optional<PanelPin> status_;
    std::optional<PanelPin> alarm_;
    std::optional<PanelPin> charging_;
    std::optional<PanelPin> button_;
    std::optional<PanelPin> tamper_;
    std::optional<PressDecoder> presses_;
    std::optional<Debounce> housing_;
    LedFacts facts_;
    std::optional<SteadyTime> facts_at_;
    LedCode code_ = LedCode::booting;
    SteadyTime code_since_;
};

}  // namespace busbar::gateway

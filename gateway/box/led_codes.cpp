// SPDX-License-Identifier: Apache-2.0
#include "gateway/box/led_codes.hpp"

#include <algorithm>

namespace busbar::gateway {
namespace {

constexpr milliseconds none{0};

}  // namespace

const std::array<LedPattern, 8> led_patterns{{
    {LedCode::factory_reset,
     "factory reset",
     "flickers, 10 times a second",
     {50ms, 50ms, none, none, none, none},
     true},
    {LedCode::set_up,
     "set-up",
     "two long flashes, then a second dark",
     {500ms, 250ms, 500ms, 1000ms, none, none},
     false},
    {LedCode::updating, "updating", "four times a second", {125ms, 125ms, none, none, none, none}, false},
    {LedCode::booting,
     "booting",
     "once a second, lit as long as dark",
     {500ms, 500ms, none, none, none, none},
     false},
    {LedCode::no_link,
     "no link",
     "two short flashes, then a second dark",
     {100ms, 200ms, 100ms, 1000ms, none, none},
     true},
    {LedCode::charger_lost,
     "charger lost",
     "three short flashes, then a second dark",
     {100ms, 200ms, 100ms, 200ms, 100ms, 1000ms},
     true},
    {LedCode::charging,
     "charging",
     "lit, with a short gap each 2 s",
     {1900ms, 100ms, none, none, none, none},
     false},
    {LedCode::ready, "ready", "always lit", {1000ms, none, none, none, none, none}, false},
}};

const LedPattern& pattern_of(LedCode code) {
    return led_patterns.at(static_cast<std::size_t>(code));
}

bool is_lit(const LedPattern& pattern, milliseconds since) {
    milliseconds whole{0};
    for (const auto time : pattern.times) whole += time;
    auto at = since % whole;
    for (std::size_t i = 0; i < pattern.times.size(); ++i) {
        if (at < pattern.times.at(i)) return i % 2 == 0;
        at -= pattern.times.at(i);
    }
    return false;
}

LedFacts facts_of(const std::vector<ChargePointReport>& charge_points) {
    LedFacts facts;
    facts.charge_points = charge_points.size();
    for (const auto& one : charge_points) {
        const auto& connectors = one.view.connectors;
        const auto any = [&](auto holds) { return std::any_of(connectors.begin(), connectors.end(), holds); };
        if (one.link.state == LinkState::connected) ++facts.connected;
        if (any([](const auto& view) { return view.lost; })) ++facts.lost;
        if (any([](const auto& view) {
                return view.status && view.status->status == ocpp::ChargePointStatus::Charging;
            }))
            ++facts.charging;
    }
    return facts;
}

LedCode code_of(const LedFacts& facts) {
    const bool holds[] = {facts.resetting,
                          facts.set_up,
                          facts.updating,
                          facts.booting,
                          facts.connected<facts.charge_points, facts.lost> 0,
                          facts.charging > 0};
    const auto* first = std::find(std::begin(holds), std::end(holds), true);
    return static_cast<LedCode>(first - std::begin(holds));
}

}  // namespace busbar::gateway

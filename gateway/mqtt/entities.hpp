// SPDX-License-Identifier: Apache-2.0
// The entities of a connector in Home Assistant, as a table.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "gateway/mqtt/topics.hpp"

namespace busbar::gateway {

/// The component of Home Assistant that an entity belongs to.
enum class Component : std::uint8_t { sensor, binary_sensor, switch_, number };

/// Where an entity's options come from.
enum class Options : std::uint8_t { none, statuses, reasons };

struct Entity {
    std::string_view key;  ///< of its value in the state, and of its ids
    std::string_view name;
    Component component = Component::sensor;
    std::string_view device_class{};
    std::string_view unit{};
    std::string_view state_class{};
    Options options = Options::none;
    bool needs_charger = true;  ///< not available while the charger does not answer
    std::optional<CommandKind> command{};
};

inline constexpr std::array<Entity, 14> entities{{
    {.key = "status",
     .name = "Status",
     .device_class = "enum",
     .options = Options::statuses,
     .needs_charger = false},
    {.key = "plugged", .name = "Plugged", .component = Component::binary_sensor, .device_class = "plug"},
    {.key = "charging",
     .name = "Charging",
     .component = Component::binary_sensor,
     .device_class = "battery_charging"},
    {.key = "power", .name = "Power", .device_class = "power", .unit = "W", .state_class = "measurement"},
    {.key = "energy",
     .name = "Energy",
     .device_class = "energy",
     .unit = "kWh",
     .state_class = "total_increasing"},
    {.key = "session_energy",
     .name = "Session energy",
     .device_class = "energy",
     .unit = "kWh",
     .state_class = "total_increasing"},
    {.key = "current_l1",
     .name = "Current L1",
     .device_class = "current",
     .unit = "A",
     .state_class = "measurement"},
    {.key = "current_l2",
     .name = "Current L2",
     .device_class = "current",
     .unit = "A",
     .state_class = "measurement"},
    {.key = "current_l3",
     .name = "Current L3",
     .device_class = "current",
     .unit = "A",
     .state_class = "measurement"},
    {.key = "limit",
     .name = "Limit in force",
     .device_class = "current",
     .unit = "A",
     .state_class = "measurement"},
    {.key = "limit_reason", .name = "Limit reason", .device_class = "enum", .options = Options::reasons},
    {.key = "connected",
     .name = "Central system",
     .component = Component::binary_sensor,
     .device_class = "connectivity",
     .needs_charger = false},
    {.key = "paused",
     .name = "Pause",
     .component = Component::switch_,
     .needs_charger = false,
     .command = CommandKind::pause},
    {.key = "local_limit",
     .name = "Local limit",
     .component = Component::number,
     .device_class = "current",
     .unit = "A",
     .needs_charger = false,
     .command = CommandKind::limit},
}};

}  // namespace busbar::gateway

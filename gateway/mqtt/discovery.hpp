// SPDX-License-Identifier: Apache-2.0
// What Home Assistant is told of each connector, once and whenever it is another: its entities, and the state
// they read. The words are those of Home Assistant's MQTT integration. Pure.
#pragma once

#include <map>
#include <string>

#include "gateway/mqtt/topics.hpp"
#include "gateway/status_report.hpp"

namespace busbar::gateway {

/// Retained messages by topic; an empty one takes back what was retained.
using Retained = std::map<std::string, std::string>;

/// Adds the entities of every connector. Those that steer are taken back unless `allow_control`.
void add_discovery(const ChargePointReport& report, const Topics& topics, bool allow_control, Retained& out);

/// Adds the state of every connector, one JSON object each: what its entities read. What is not known is
/// null; rounded, so that noise is no news.
void add_states(const ChargePointReport& report, const Topics& topics, Retained& out);

}  // namespace busbar::gateway

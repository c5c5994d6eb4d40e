// SPDX-License-Identifier: Apache-2.0
// What the gateway says of a modem as JSON.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "gateway/uplink/modem_facts.hpp"
#include "gateway/uplink/modem_ladder.hpp"

namespace busbar::gateway {

/// Operator, technology, signal (CSQ with its word and whether it passes the line), identities, and how often
/// each step of the recovery was taken. What is not known is null.
nlohmann::ordered_json modem_json(const ModemFacts& modem, const ModemLadder& ladder);

}  // namespace busbar::gateway

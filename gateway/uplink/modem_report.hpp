// SPDX-License-Identifier: Apache-2.0
// What the gateway says of a modem as JSON.
#pragma once

#include <array>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "gateway/uplink/modem_facts.hpp"
#include "gateway/uplink/modem_ladder.hpp"

namespace busbar::gateway {

struct ModemReport {
    std::string hindrance;  ///< as ModemCare has it
    ModemFacts facts;
    std::array<unsigned, modem_steps> recovery{};  ///< how often each step was taken
};

/// State, what stands in the way, operator, technology, signal (CSQ with its word and whether it passes the
/// line), identities and recovery. What is not known is null.
nlohmann::ordered_json modem_json(const ModemReport& modem);

}  // namespace busbar::gateway

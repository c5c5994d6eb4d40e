// SPDX-License-Identifier: Apache-2.0
// Traced exchanges taken apart: who was asked what, and what its profile calls the registers. Pure.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/settings.hpp"
#include "gateway/trace_ring.hpp"

namespace busbar::gateway {

/// "unit 1 input 5..18 = 0004 ..." in its parts; what a text does not have is empty.
struct ExchangeText {
    std::optional<int> unit;
    std::string table;
    std::optional<int> address;
    std::optional<int> count;
    std::string words;  ///< hex, blanks between
    std::string error;
};
ExchangeText parse_exchange(std::string_view text);

struct BusTraceQuery {
    std::string bus;  ///< empty: all
    std::int64_t after = 0;
    std::size_t most = 200;
};

/// In place of the text of such an exchange.
inline constexpr std::string_view hidden_card = "(not shown: carries the number of a card)";
/// It shows the number of a card, read from a register or told by the box.
bool carries_card(const TraceEvent& exchange, const GatewaySettings& settings);

/// {"exchanges", "last"}: ask on with `last`.
nlohmann::ordered_json bus_trace(const TraceRing& ring, const BusTraceQuery& query,
                                 const GatewaySettings& settings, const Now& now);

}  // namespace busbar::gateway

// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/api/trace_text.hpp"

#include <nlohmann/json.hpp>

#include "gateway/web/api/bus_trace.hpp"
#include "gateway/web/api/exchange_json.hpp"
#include "gateway/web/api/masking.hpp"

namespace busbar::gateway {
namespace {

bool names(const TraceEvent& event, std::string_view word) {
    return event.text.find(word) != std::string::npos;
}

std::string masked_frame(const std::string& text) {
    auto frame = foreign_json(text);
    return frame.is_array() ? text_of(masked_payload(std::move(frame)))
                            : "(not shown: a frame that was cut, or is none)";
}

}  // namespace

std::string shown_text(const TraceEvent& event, Tags tags, const GatewaySettings& settings) {
    if (names(event, "AuthorizationKey")) return "(not shown: names AuthorizationKey)";
    if (tags == Tags::whole) return event.text;
    const bool is_frame = event.kind == TraceKind::ocpp_sent || event.kind == TraceKind::ocpp_received;
    if (is_frame) return masked_frame(event.text);
    return carries_card(event, settings) ? std::string(hidden_card) : event.text;
}

}  // namespace busbar::gateway

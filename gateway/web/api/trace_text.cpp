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

std::string hidden_frame(const std::string& text, Tags tags) {
    auto frame = foreign_json(text);
    if (!frame.is_array()) return "(not shown: a frame that was cut, or is none)";
    return text_of(tags == Tags::whole ? masked_secrets(std::move(frame)) : masked_payload(std::move(frame)));
}

}  // namespace

std::string shown_text(const TraceEvent& event, Tags tags, const GatewaySettings& settings) {
    if (names(event, "AuthorizationKey")) return "(not shown: names AuthorizationKey)";
    const bool is_frame = event.kind == TraceKind::ocpp_sent || event.kind == TraceKind::ocpp_received;
    // An address may hold a password.
    if (is_frame && (tags == Tags::masked || names(event, "://"))) return hidden_frame(event.text, tags);
    return tags == Tags::masked && carries_card(event, settings) ? std::string(hidden_card) : event.text;
}

}  // namespace busbar::gateway

// SPDX-License-Identifier: Apache-2.0
// What of a traced frame or exchange is shown as text. Pure.
#pragma once

#include <string>

#include "gateway/base/trace.hpp"
#include "gateway/settings.hpp"
#include "gateway/status_report.hpp"

namespace busbar::gateway {

/// Never a frame with an AuthorizationKey or what is secret of an address. With masked tags: frames without
/// card numbers, no exchange that carries a card. Of a frame with such that was cut, nothing.
std::string shown_text(const TraceEvent& event, Tags tags, const GatewaySettings& settings);

}  // namespace busbar::gateway

// SPDX-License-Identifier: Apache-2.0
// The trace: every OCPP frame and every exchange on a bus passes one tap, with the cause it serves.
// The demo's narration, the web trace and the bus scope read it.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "gateway/base/time.hpp"

namespace busbar {

/// The id of the OCPP message that made us do something; empty: the gateway's own decision.
struct Cause {
    std::string message_id;
    friend bool operator==(const Cause&, const Cause&) = default;
};

enum class TraceKind {
    ocpp_sent,      ///< text = the frame; secrets are not masked here but at the edge that shows it
    ocpp_received,  ///< text = the frame
    bus_read,       ///< text = "unit 1 input 5..18 = 0004 ..." or the error
    bus_write,      ///< text = "unit 1 holding 261 <- 00A0" or the error
};

struct TraceEvent {
    TraceKind kind;
    SteadyTime at;
    std::string source;  ///< charge point id for frames, bus id for exchanges
    std::string text;
    Cause cause;
    std::optional<SteadyTime> began{};  ///< of an exchange: when its request went out; `at` is the end
};

/// Called on the thread that saw the event; must not block. Empty: nobody listens.
using TraceTap = std::function<void(const TraceEvent&)>;

}  // namespace busbar

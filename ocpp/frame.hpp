// SPDX-License-Identifier: Apache-2.0
// OCPP-J 1.6 section 4.2: the three frames, to and from text.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "ocpp/json_bridge.hpp"

namespace busbar::ocpp {

inline constexpr std::size_t max_message_id = 36;

/// A frame from the central system. `payload` is an object: {} where none was sent.
struct Call {
    std::string id;
    std::string action;
    Json payload;
};
struct CallResult {
    std::string id;
    Json payload;
};
struct CallError {
    std::string id;
    std::string code;  ///< as sent: other stacks have codes of their own
    std::string description;
};
/// Text that is none of them.
struct BadFrame {
    bool answer;     ///< false: drop it silently (unknown message type)
    std::string id;  ///< for the CALLERROR; "-1" where none can be read
    CallErrorCode code{};
    std::string detail;
};
using Frame = std::variant<Call, CallResult, CallError, BadFrame>;

/// Never throws, whatever the bytes.
Frame parse_frame(std::string_view text);

/// `payload` is JSON text of an object.
std::string call_frame(std::string_view id, std::string_view action, std::string_view payload);
std::string result_frame(std::string_view id, std::string_view payload);
std::string error_frame(std::string_view id, CallErrorCode code, std::string_view description);

}  // namespace busbar::ocpp

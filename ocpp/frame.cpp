// SPDX-License-Identifier: Apache-2.0
#include "ocpp/frame.hpp"

#include <fmt/format.h>

namespace busbar::ocpp {
namespace {

enum MessageType : int { call_type = 2, result_type = 3, error_type = 4 };

/// No OCPP 1.6 message nests deeper than 9; more is an attack on the parser's memory.
constexpr int deepest_nesting = 16;

bool nests_too_deep(std::string_view text) {
    int depth = 0;
    bool in_string = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (in_string && c == '\\') {
            ++i;
        } else if (c == '"') {
            in_string = !in_string;
        } else if (!in_string && (c == '[' || c == '{')) {
            if (++depth > deepest_nesting) return true;
        } else if (!in_string && (c == ']' || c == '}')) {
            --depth;
        }
    }
    return false;
}

Json payload_at(Json& frame, std::size_t index) {
    if (frame.size() <= index || frame[index].is_null()) return Json::object();
    return std::move(frame[index]);
}

std::string string_at(const Json& frame, std::size_t index) {
    return frame.size() > index && frame[index].is_string() ? frame[index].get<std::string>() : std::string();
}

BadFrame bad(CallErrorCode code, std::string detail, std::string id = "-1") {
    return {true, std::move(id), code, std::move(detail)};
}

Frame call_of(Json& frame, std::string id) {
    if (frame.size() < 3 || !frame[2].is_string()) {
        return bad(CallErrorCode::FormationViolation, "a CALL is [2, id, action, payload]", std::move(id));
    }
    if (frame.size() > 3 && !frame[3].is_object() && !frame[3].is_null()) {
        return bad(CallErrorCode::FormationViolation, "the payload must be an object", std::move(id));
    }
    return Call{std::move(id), string_at(frame, 2), payload_at(frame, 3)};
}

}  // namespace

Frame parse_frame(std::string_view text) {
    if (nests_too_deep(text)) return bad(CallErrorCode::GenericError, "nested too deep");
    Json frame = Json::parse(text, nullptr, false);
    if (frame.is_discarded()) return bad(CallErrorCode::GenericError, "not JSON");
    if (!frame.is_array() || frame.empty() || !frame[0].is_number_integer()) {
        return bad(CallErrorCode::GenericError, "not an OCPP-J array");
    }
    const auto type = frame[0].get<std::int64_t>();
    if (type != call_type && type != result_type && type != error_type) {
        return BadFrame{false, "-1", CallErrorCode::GenericError,
                        fmt::format("unknown message type {}", type)};
    }
    std::string id = string_at(frame, 1);
    if (id.empty() || count_characters(id) > max_message_id) {
        BadFrame broken =
            bad(CallErrorCode::FormationViolation, "the message id must be a string of 1 to 36 characters");
        broken.answer = type == call_type;
        return broken;
    }
    if (type == call_type) return call_of(frame, std::move(id));
    if (type == result_type) return CallResult{std::move(id), payload_at(frame, 2)};
    return CallError{std::move(id), string_at(frame, 2), string_at(frame, 3)};
}

std::string call_frame(std::string_view id, std::string_view action, std::string_view payload) {
    return fmt::format(R"([2,"{}","{}",{}])", id, action, payload);
}

std::string result_frame(std::string_view id, std::string_view payload) {
    return fmt::format("[3,{},{}]", to_text(Json(std::string(id))), payload);
}

std::string error_frame(std::string_view id, CallErrorCode code, std::string_view description) {
    const std::string words(first_characters(description, 255));
    return fmt::format(R"([4,{},"{}",{},{{}}])", to_text(Json(std::string(id))), name_of(code),
                       to_text(Json(words)));
}

}  // namespace busbar::ocpp

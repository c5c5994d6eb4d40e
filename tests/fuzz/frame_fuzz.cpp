// SPDX-License-Identifier: Apache-2.0
// parse_frame on any bytes, and that what it took for a frame is the same frame after a round trip.
#include "ocpp/frame.hpp"
#include "tests/fuzz/expect.hpp"

namespace busbar::ocpp {
namespace {

using fuzz::expect;

void check_id(const std::string& id) {
    expect(!id.empty() && count_characters(id) <= max_message_id, "an id has 1 to 36 characters", id);
}

/// call_frame takes only ids and actions of our own, which need no escapes.
bool is_plain(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c != '"' && c != '\\'; });
}

void check(const Call& call) {
    check_id(call.id);
    expect(call.payload.is_object(), "the payload of a CALL is an object", to_text(call.payload));
    if (!is_plain(call.id) || !is_plain(call.action)) return;
    const Frame again = parse_frame(call_frame(call.id, call.action, to_text(call.payload)));
    const auto* same = std::get_if<Call>(&again);
    expect(same != nullptr && same->id == call.id && same->action == call.action &&
               to_text(same->payload) == to_text(call.payload),
           "a CALL survives the round trip", to_text(call.payload));
}

void check(const CallResult& result) {
    check_id(result.id);
    const std::string payload = to_text(result.payload);
    const Frame again = parse_frame(result_frame(result.id, payload));
    const auto* same = std::get_if<CallResult>(&again);
    expect(same != nullptr && same->id == result.id && to_text(same->payload) == payload,
           "a CALLRESULT survives the round trip", payload);
}

void check_error_frame(const std::string& id, CallErrorCode code, const std::string& description) {
    const std::string text = error_frame(id, code, description);
    const Frame again = parse_frame(text);
    const auto* same = std::get_if<CallError>(&again);
    expect(same != nullptr && same->id == id && same->code == name_of(code) &&
               same->description == first_characters(description, 255),
           "a CALLERROR survives the round trip", text);
}

void check(const CallError& error) {
    check_id(error.id);
    check_error_frame(error.id, CallErrorCode::GenericError, error.description);
}

void check(const BadFrame& bad) {
    check_id(bad.id);
    expect(!bad.detail.empty(), "a bad frame says why");
    if (bad.answer) check_error_frame(bad.id, bad.code, bad.detail);
}

}  // namespace
}  // namespace busbar::ocpp

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const auto frame = busbar::ocpp::parse_frame(busbar::fuzz::text_of(data, size));
    std::visit([](const auto& one) { busbar::ocpp::check(one); }, frame);
    return 0;
}

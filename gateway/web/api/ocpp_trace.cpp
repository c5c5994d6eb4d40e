// SPDX-License-Identifier: Apache-2.0
// Frames are told apart by their first characters; only those that are shown are parsed.
#include "gateway/web/api/ocpp_trace.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <tuple>

#include "gateway/web/api/exchange_json.hpp"
#include "gateway/web/api/masking.hpp"
#include "gateway/web/api/ocpp_sentences.hpp"

namespace busbar::gateway {
namespace {

using Json = nlohmann::ordered_json;

struct Pair {
    const NumberedTrace* request = nullptr;
    const NumberedTrace* answer = nullptr;
};

/// Type and id of [2,"id",...], however it is spaced; nothing: it is no frame.
struct Head {
    char type;
    std::string_view id;
};
std::optional<Head> head_of(std::string_view text) {
    const auto type = text.find_first_of("234");
    const auto open = text.find('"');
    if (type == std::string_view::npos || open == std::string_view::npos || open < type) return std::nullopt;
    const auto close = text.find('"', open + 1);
    if (close == std::string_view::npos) return std::nullopt;
    return Head{text[type], text.substr(open + 1, close - open - 1)};
}

std::vector<Pair> pairs_of(const std::deque<NumberedTrace>& frames, const std::string& charge_point) {
    std::vector<Pair> pairs;
    // An answer belongs to the newest request of that id that went the other way.
    std::map<std::tuple<std::string_view, TraceKind, std::string_view>, std::size_t> open;
    for (const auto& frame : frames) {
        const auto& event = frame.event;
        if (!charge_point.empty() && event.source != charge_point) continue;
        const auto head = head_of(event.text);
        if (!head) continue;
        if (head->type == '2') {
            open[{event.source, event.kind, head->id}] = pairs.size();
            pairs.push_back({&frame, nullptr});
            continue;
        }
        const auto other =
            event.kind == TraceKind::ocpp_sent ? TraceKind::ocpp_received : TraceKind::ocpp_sent;
        const auto asked = open.find({event.source, other, head->id});
        if (asked != open.end()) pairs.at(asked->second).answer = &frame;
    }
    return pairs;
}

/// The payloads of a frame that was cut, or is no JSON, are null.
Json parsed(const NumberedTrace& frame) {
    auto json = foreign_json(frame.event.text);
    return json.is_array() ? json : Json::array();
}

Json element(const Json& frame, std::size_t at) {
    return at < frame.size() ? frame[at] : Json(nullptr);
}

void add_answer(Json& json, const Pair& pair) {
    json["answer"] = nullptr;
    json["answered"] = "no";
    json["latency_ms"] = nullptr;
    json["size"] = pair.request->event.text.size();
    if (pair.answer == nullptr) return;
    const Json frame = parsed(*pair.answer);
    const bool is_error = element(frame, 0) == 4;
    json["answered"] = is_error ? "error" : "result";
    if (is_error) {
        json["error"] = {{"code", element(frame, 2)}, {"description", element(frame, 3)}};
    } else {
        json["answer"] = masked_payload(element(frame, 2));
    }
    json["latency_ms"] =
        std::chrono::duration_cast<milliseconds>(pair.answer->event.at - pair.request->event.at).count();
    json["size"] = pair.request->event.text.size() + pair.answer->event.text.size();
}

using Exchanges = std::multimap<std::string_view, std::int64_t>;

Json message_json(const Pair& pair, const Exchanges& exchanges, const Now& now) {
    const auto& [number, event] = *pair.request;
    const Json frame = parsed(*pair.request);
    const auto id = std::string(head_of(event.text)->id);
    const Json action = element(frame, 2);
    Json json{{"n", number}, {"charge_point", event.source}, {"t", time_json(event.at, now)}};
    json["direction"] = event.kind == TraceKind::ocpp_sent ? "sent" : "received";
    json["id"] = id;
    json["action"] = action.is_string() ? action : Json("");
    json["request"] = masked_payload(element(frame, 3));
    add_answer(json, pair);
    json["sentence"] = sentence_of(json["action"].get<std::string>(), json["request"], json["answer"]);
    json["exchanges"] = Json::array();
    const auto [first, last] = exchanges.equal_range(id);
    for (auto one = first; one != last; ++one) json["exchanges"].push_back(one->second);
    return json;
}

}  // namespace

Json ocpp_trace(const TraceRing& ring, const OcppTraceQuery& query, const Now& now) {
    Exchanges exchanges;
    for (const auto& [number, event] : ring.exchanges()) {
        if (!event.cause.message_id.empty()) exchanges.emplace(event.cause.message_id, number);
    }
    Json messages = Json::array();
    std::int64_t last = ring.last();
    for (const auto& pair : pairs_of(ring.frames(), query.charge_point)) {
        const auto newest = pair.answer != nullptr ? pair.answer->number : pair.request->number;
        if (std::max(newest, pair.request->number) <= query.after) continue;
        if (messages.size() == query.most) {
            last = messages.back().at("n");
            break;
        }
        messages.push_back(message_json(pair, exchanges, now));
    }
    return {{"messages", std::move(messages)}, {"last", last}};
}

}  // namespace busbar::gateway

// SPDX-License-Identifier: Apache-2.0
#include "ocpp/deferred.hpp"

#include <fmt/format.h>

#include <charconv>

#include "ocpp/json_bridge.hpp"

namespace busbar::ocpp {
namespace {

constexpr std::string_view transaction_prefix = "transaction:";
constexpr std::string_view time_prefix = "steady:";

/// Empty: the token is of another run.
std::optional<SteadyTime> time_in(std::string_view token, std::string_view run) {
    token.remove_prefix(time_prefix.size());
    const auto split = token.find('@');
    if (split == std::string_view::npos || token.substr(split + 1) != run) return std::nullopt;
    SteadyEpoch::rep ticks = 0;
    std::from_chars(token.data(), token.data() + split, ticks);
    return SteadyTime(SteadyEpoch::duration(ticks));
}

std::string resolve_time(std::string_view token, const Resolver& resolver) {
    const auto at = time_in(token, resolver.run).value_or(resolver.now.steady);
    return to_iso8601(*stamp(at, resolver.now).utc);
}

/// The message's own, else that of its first sample; "" without any.
std::string first_timestamp(const Json& object) {
    if (!object.is_object()) return {};
    const auto own = object.find("timestamp");
    if (own != object.end() && own->is_string()) return *own;
    const auto values = object.find("meterValue");
    if (values == object.end() || !values->is_array() || values->empty()) return {};
    return first_timestamp(values->front());
}

bool resolve_string(Json& value, const Resolver& resolver) {
    const auto& text = value.get_ref<const std::string&>();
    if (text.starts_with(transaction_prefix)) {
        const auto id = resolver.transaction(std::string_view(text).substr(transaction_prefix.size()));
        if (!id) return false;
        value = *id;
    } else if (text.starts_with(time_prefix)) {
        if (!resolver.now.utc) return false;
        value = resolve_time(text, resolver);
    }
    return true;
}

bool resolve_fields(Json& object, const Resolver& resolver);

bool resolve_meter_values(Json& array, const Resolver& resolver) {
    for (auto& element : array) {
        if (!resolve_fields(element, resolver)) return false;
    }
    return true;
}

/// Tokens stand only where a message has them: an idTag that looks like one is left alone.
bool resolve_fields(Json& object, const Resolver& resolver) {
    for (auto& [name, value] : object.items()) {
        const bool may_be_token = name == "transactionId" || name == "timestamp";
        if (may_be_token && value.is_string() && !resolve_string(value, resolver)) return false;
        const bool may_hold_values = name == "meterValue" || name == "transactionData";
        if (may_hold_values && value.is_array() && !resolve_meter_values(value, resolver)) return false;
    }
    return true;
}

}  // namespace

std::string transaction_token(std::string_view start_message_id) {
    return fmt::format("{}{}", transaction_prefix, start_message_id);
}

std::string transaction_of(std::string_view payload) {
    const Json object = Json::parse(payload, nullptr, false);
    const auto token = object.is_object() ? object.find("transactionId") : object.end();
    if (token == object.end() || !token->is_string()) return {};
    const auto& text = token->get_ref<const std::string&>();
    return text.starts_with(transaction_prefix) ? text.substr(transaction_prefix.size()) : std::string();
}

std::string time_token(const Stamp& stamp, std::string_view run) {
    if (stamp.utc) return to_iso8601(*stamp.utc);
    return fmt::format("{}{}@{}", time_prefix, stamp.steady.time_since_epoch().count(), run);
}

std::optional<SteadyTime> happened_at(std::string_view payload, std::string_view run, const Now& now) {
    const auto text = first_timestamp(Json::parse(payload, nullptr, false));
    if (text.starts_with(time_prefix)) return time_in(text, run);
    const auto utc = parse_iso8601(text);
    if (!utc || !now.utc) return std::nullopt;
    return now.steady - (*now.utc - *utc);
}

std::optional<std::string> resolve(std::string_view payload, const Resolver& resolver) {
    Json object = Json::parse(payload, nullptr, false);
    if (!object.is_object()) return "{}";
    if (!resolve_fields(object, resolver)) return std::nullopt;
    return to_text(object);
}

}  // namespace busbar::ocpp

// SPDX-License-Identifier: Apache-2.0
#include "ocpp/deferred.hpp"

#include <fmt/format.h>

#include <charconv>

#include "ocpp/json_bridge.hpp"

namespace busbar::ocpp {
namespace {

constexpr std::string_view transaction_prefix = "transaction:";
constexpr std::string_view time_prefix = "steady:";

std::string resolve_time(std::string_view token, const Resolver& resolver) {
    token.remove_prefix(time_prefix.size());
    const auto split = token.find('@');
    SteadyEpoch::rep ticks = 0;
    std::from_chars(token.data(), token.data() + std::min(split, token.size()), ticks);
    const bool this_run = split != std::string_view::npos && token.substr(split + 1) == resolver.run;
    const SteadyTime at = this_run ? SteadyTime(SteadyEpoch::duration(ticks)) : resolver.now.steady;
    return to_iso8601(*stamp(at, resolver.now).utc);
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

std::optional<std::string> resolve(std::string_view payload, const Resolver& resolver) {
    Json object = Json::parse(payload, nullptr, false);
    if (!object.is_object()) return "{}";
    if (!resolve_fields(object, resolver)) return std::nullopt;
    return to_text(object);
}

}  // namespace busbar::ocpp

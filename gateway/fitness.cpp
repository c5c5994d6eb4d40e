// SPDX-License-Identifier: Apache-2.0
#include "gateway/fitness.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace busbar::gateway {
namespace {

using Json = nlohmann::json;

bool is_connected(const ChargePointReport& one) {
    return one.link.state == LinkState::connected &&
           one.view.registration == ocpp::RegistrationStatus::Accepted;
}

bool is_reading(const ChargePointReport& one) {
    const auto& connectors = one.view.connectors;
    return !connectors.empty() &&
           std::none_of(connectors.begin(), connectors.end(),
                        [](const auto& connector) { return connector.lost || !connector.status; });
}

std::set<std::string> texts(const Json& json, const char* name) {
    std::set<std::string> found;
    const auto list = json.find(name);
    if (list == json.end() || !list->is_array()) return found;
    for (const auto& text : *list) {
        if (text.is_string()) found.insert(text.get<std::string>());
    }
    return found;
}

void add_missing(std::string& words, const std::set<std::string>& before, const std::set<std::string>& now,
                 std::string_view what) {
    for (const auto& id : before) {
        if (now.contains(id)) continue;
        words += (words.empty() ? "" : ", ") + std::string(what) + id;
    }
}

}  // namespace

Fitness fitness_of(const std::vector<ChargePointReport>& charge_points) {
    Fitness fitness;
    for (const auto& one : charge_points) {
        if (is_connected(one)) fitness.connected.insert(one.id);
        if (is_reading(one)) fitness.reading.insert(one.id);
    }
    return fitness;
}

std::string missing(const Fitness& before, const Fitness& now) {
    std::string words;
    add_missing(words, before.reading, now.reading, "the charger of ");
    add_missing(words, before.connected, now.connected, "the link of ");
    return words;
}

std::string to_json(const Fitness& fitness) {
    return Json{{"connected", fitness.connected}, {"reading", fitness.reading}}.dump(
        -1, ' ', false, Json::error_handler_t::replace);
}

Fitness read_fitness(std::string_view text) {
    const auto json = Json::parse(text, nullptr, false);
    if (!json.is_object()) return {};
    return {texts(json, "connected"), texts(json, "reading")};
}

bool car_charges(const std::vector<ChargePointReport>& charge_points) {
    return std::any_of(charge_points.begin(), charge_points.end(), [](const ChargePointReport& one) {
        return std::any_of(one.view.connectors.begin(), one.view.connectors.end(),
                           [](const auto& connector) { return connector.transaction != nullptr; });
    });
}

}  // namespace busbar::gateway

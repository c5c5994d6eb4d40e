// SPDX-License-Identifier: Apache-2.0
// Loads conversations, answers from them, compares.
#include "tests/adapters/conversation.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "config/spellings.hpp"
#include "tests/adapters/scripted_frames.hpp"

namespace busbar::adapters::test {
namespace {

using nlohmann::json;

void add_exchanges(ConversationCase& into, const json& exchanges, bool replace) {
    std::map<std::string, std::vector<std::vector<std::string>>> answers;
    for (const auto& exchange : exchanges) {
        const auto request = exchange.at(0).get<std::string>();
        answers[request].emplace_back(exchange.begin() + 1, exchange.end());
    }
    for (auto& [request, turns] : answers) {
        if (replace || into.answers.count(request) == 0) into.answers[request] = std::move(turns);
    }
}

ConversationCase parse_case(const json& text, const json& common) {
    ConversationCase each;
    each.name = text.at("name");
    add_exchanges(each, common, false);
    if (text.contains("exchanges")) add_exchanges(each, text.at("exchanges"), true);
    if (text.contains("limit_a")) each.limit_a = text.at("limit_a").get<double>();
    if (text.contains("writes")) each.writes = text.at("writes").get<std::vector<std::string>>();
    if (text.contains("reading")) each.reading = text.at("reading").dump();
    if (text.contains("serial")) each.serial = text.at("serial").get<std::string>();
    if (text.contains("firmware")) each.firmware = text.at("firmware").get<std::string>();
    return each;
}

template <class T>
void put(json& shown, const char* key, const std::optional<Measured<T>>& value) {
    if (value) shown[key] = value->value.value();
}
template <class T>
void put(json& shown, const char* key, const std::optional<T>& value) {
    if (value) shown[key] = value->value();
}

template <class T>
void put(json& shown, const char* key, const std::array<std::optional<Measured<T>>, 3>& phases) {
    json list = json::array();
    bool any = false;
    for (const auto& phase : phases) {
        any = any || phase;
        list.push_back(phase ? json(phase->value.value()) : json());
    }
    if (any) shown[key] = list;
}

json shown(const Reading& reading) {
    json shown{{"state", config::name_of(std::optional(reading.state), config::kStates)}};
    put(shown, "current_a", reading.current);
    put(shown, "voltage_v", reading.voltage);
    put(shown, "power_w", reading.power);
    put(shown, "energy_import_wh", reading.energy_import);
    put(shown, "energy_session_wh", reading.energy_session);
    put(shown, "offered_a", reading.offered);
    put(shown, "temperature_c", reading.temperature);
    if (reading.fault)
        shown["fault"] = {{"vendor_code", reading.fault->vendor_code}, {"text", reading.fault->text}};
    if (reading.auth_wait) shown["auth_wait"] = true;
    if (reading.finished) shown["finished"] = true;
    return shown;
}

bool same(const json& a, const json& b) {
    if (a.is_number() && b.is_number()) return std::abs(a.get<double>() - b.get<double>()) < 0.01;
    if (a.is_array() && b.is_array() && a.size() == b.size())
        return std::equal(a.begin(), a.end(), b.begin(), &same);
    return a == b;
}

std::string stripped(std::string request) {
    while (!request.empty() && (request.back() == '\r' || request.back() == '\n')) request.pop_back();
    return request;
}

/// What was asked and answered, and how often.
struct Script {
    const ConversationCase& each;
    std::map<std::string, std::size_t> asked;
    std::vector<std::string> differences;

    std::vector<std::string> answer(const std::string& framed) {
        const auto request = stripped(framed);
        const auto found = each.answers.find(request);
        if (found == each.answers.end()) {
            differences.push_back("no exchange begins with " + request);
            return {};
        }
        const auto turn = std::min(asked[request]++, found->second.size() - 1);
        return found->second[turn];
    }
};

/// One command and one whole cycle, within a bound.
void drive(Charger& charger, const ConversationCase& each, SteadyTime& clock) {
    constexpr int most_calls = 200;
    bool limited = !each.limit_a;
    for (int i = 0; i < most_calls; ++i) {
        const auto next =
            limited ? charger.poll(clock) : charger.execute(SetLimit{1, Amperes(*each.limit_a)}, {}, clock);
        clock = std::max(clock, next ? next->at : clock + 1s);
        if (limited && next && next->done) return;
        limited = limited || (next && next->done);
    }
}

void compare_reading(std::vector<std::string>& differences, const ConversationCase& each,
                     const Charger& charger) {
    const auto readings = charger.snapshot();
    if (readings.empty()) {
        differences.emplace_back("there is no reading");
        return;
    }
    const auto expected = json::parse(each.reading);
    const auto actual = shown(readings.front());
    for (const auto& [key, value] : expected.items()) {
        if (!actual.contains(key) || !same(value, actual[key]))
            differences.push_back(
                fmt::format("{} is {}, not {}", key, actual.value(key, json()).dump(), value.dump()));
    }
    for (const auto& [key, value] : actual.items()) {
        if (!expected.contains(key)) differences.push_back(fmt::format("{} is {}", key, value.dump()));
    }
}

}  // namespace

Conversation load_conversation(const std::string& file) {
    std::ifstream stream(file);
    if (!stream) throw std::runtime_error(file + " cannot be read");
    const auto text = json::parse(stream, nullptr, true, true);
    Conversation conversation{text.at("profile"), {}};
    const auto common = text.value("exchanges", json::array());
    for (const auto& each : text.at("cases")) conversation.cases.push_back(parse_case(each, common));
    return conversation;
}

std::vector<std::string> play(const ConversationCase& each, const MakeDriver& make, const IsWrite& is_write) {
    SteadyTime clock{1000s};
    Script script{each, {}, {}};
    ScriptedFrames line(clock);
    line.answers = [&](const std::string& request) { return script.answer(request); };
    const auto charger = make(line);
    drive(*charger, each, clock);

    auto differences = script.differences;
    std::vector<std::string> writes;
    for (const auto& request : line.sent) {
        if (is_write(stripped(request))) writes.push_back(stripped(request));
    }
    if (each.writes && writes != *each.writes)
        differences.push_back(fmt::format("it wrote {}", fmt::join(writes, ", ")));
    if (!each.reading.empty()) compare_reading(differences, each, *charger);
    const auto identity = charger->identity();
    if (each.serial && identity.serial != *each.serial)
        differences.push_back("the serial is " + identity.serial);
    if (each.firmware && identity.firmware != *each.firmware)
        differences.push_back("the firmware is " + identity.firmware);
    return differences;
}

}  // namespace busbar::adapters::test

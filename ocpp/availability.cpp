// SPDX-License-Identifier: Apache-2.0
#include "ocpp/availability.hpp"

#include <algorithm>

namespace busbar::ocpp {
namespace {

constexpr std::string_view inoperative_word = "inoperative";
constexpr std::string_view scheduled_word = "scheduled";

}  // namespace

Availability::Availability(int connectors, const std::vector<Record>& saved)
    : states_(static_cast<std::size_t>(connectors) + 1, State::operative) {
    for (const auto& record : saved) {
        if (record.kind != record_kind) continue;
        for (ConnectorId id = 0; id < size(); ++id) {
            if (record.key != std::to_string(id)) continue;
            auto& state = states_.at(static_cast<std::size_t>(id));
            if (record.body == inoperative_word) state = State::inoperative;
            if (record.body == scheduled_word) state = State::scheduled;
        }
    }
}

AvailabilityStatus Availability::change_one(ConnectorId id, AvailabilityType type, bool busy,
                                            Effects& effects) {
    if (type == AvailabilityType::Operative) {
        set(id, State::operative, effects);
        return AvailabilityStatus::Accepted;
    }
    const bool waits = busy && at(id) != State::inoperative;
    set(id, waits ? State::scheduled : State::inoperative, effects);
    return waits ? AvailabilityStatus::Scheduled : AvailabilityStatus::Accepted;
}

void Availability::release(ConnectorId id, Effects& effects) {
    if (at(id) == State::scheduled) set(id, State::inoperative, effects);
    const bool others_wait = std::find(states_.begin() + 1, states_.end(), State::scheduled) != states_.end();
    if (at(0) == State::scheduled && !others_wait) set(0, State::inoperative, effects);
}

void Availability::set(ConnectorId id, State state, Effects& effects) {
    auto& present = states_.at(static_cast<std::size_t>(id));
    if (present == state) return;
    present = state;
    std::string key = std::to_string(id);
    if (state == State::operative) {
        effects.emplace_back(EraseRecord{std::string(record_kind), std::move(key)});
    } else {
        const auto word = state == State::scheduled ? scheduled_word : inoperative_word;
        effects.emplace_back(SaveRecord{{std::string(record_kind), std::move(key), std::string(word)}});
    }
}

}  // namespace busbar::ocpp

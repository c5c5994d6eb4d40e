// SPDX-License-Identifier: Apache-2.0
// Two round robins, one above the other.
#include "gateway/bus_schedule.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace busbar::gateway {
namespace {

constexpr int failures_to_silence = 3;
constexpr seconds first_back_off{1};
constexpr seconds longest_back_off{5};
constexpr milliseconds shortest_attempt{500};  // a bus that cannot be opened fails at once
constexpr int pause_per_probe = 3;             // times the time it took: a quarter of the bus

SteadyEpoch::duration back_off(int failures) {
    if (failures < failures_to_silence) return SteadyEpoch::duration::zero();
    const int doublings = std::min(failures - failures_to_silence, 8);
    return std::min<SteadyEpoch::duration>(first_back_off * (1 << doublings), longest_back_off);
}

bool replaces(const Command& newer, const Command& older) {
    const auto* next = std::get_if<SetLimit>(&newer);
    const auto* before = std::get_if<SetLimit>(&older);
    return next != nullptr && before != nullptr && next->connector == before->connector;
}

}  // namespace

BusSchedule::BusSchedule(std::size_t chargers) : seats_(chargers) {}

std::optional<std::uint64_t> BusSchedule::add(std::size_t charger, Order order) {
    auto& orders = seats_[charger].orders;
    const auto older = std::find_if(orders.begin(), orders.end(), [&](const Order& known) {
        return replaces(order.command, known.command);
    });
    if (older == orders.end()) {
        orders.push_back(std::move(order));
        return std::nullopt;
    }
    return std::exchange(*older, std::move(order)).id;
}

const Order* BusSchedule::find(std::size_t charger, std::uint64_t id) const {
    const auto& orders = seats_[charger].orders;
    const auto found =
        std::find_if(orders.begin(), orders.end(), [&](const Order& order) { return order.id == id; });
    return found == orders.end() ? nullptr : &*found;
}

bool BusSchedule::silent(std::size_t charger) const {
    return seats_[charger].health.failures >= failures_to_silence;
}

SteadyTime BusSchedule::poll_at(std::size_t charger) const {
    const auto& seat = seats_[charger];
    return silent(charger) && seat.unanswered ? std::max(seat.next_poll, next_probe_) : seat.next_poll;
}

std::optional<BusSchedule::Turn> BusSchedule::next(SteadyTime now) {
    if (auto turn = next_order(now)) return turn;
    return next_poll(now);
}

std::optional<BusSchedule::Turn> BusSchedule::next_order(SteadyTime now) {
    for (std::size_t i = 1; i <= seats_.size(); ++i) {
        const auto charger = (last_ordered_ + i) % seats_.size();
        for (const auto& order : seats_[charger].orders) {
            if (order.not_before > now) continue;
            last_ordered_ = charger;
            return Turn{charger, order.id};
        }
    }
    return std::nullopt;
}

std::optional<BusSchedule::Turn> BusSchedule::next_poll(SteadyTime now) {
    for (std::size_t i = 1; i <= seats_.size(); ++i) {
        const auto charger = (last_polled_ + i) % seats_.size();
        if (poll_at(charger) > now) continue;
        last_polled_ = charger;
        return Turn{charger, std::nullopt};
    }
    return std::nullopt;
}

bool BusSchedule::has_order(SteadyTime now) const {
    return std::any_of(seats_.begin(), seats_.end(), [now](const Seat& seat) {
        return std::any_of(seat.orders.begin(), seat.orders.end(),
                           [now](const Order& order) { return order.not_before <= now; });
    });
}

SteadyTime BusSchedule::wake_at() const {
    auto wake = SteadyTime::max();
    for (std::size_t charger = 0; charger < seats_.size(); ++charger) {
        wake = std::min(wake, poll_at(charger));
        for (const auto& order : seats_[charger].orders) wake = std::min(wake, order.not_before);
    }
    return wake;
}

void BusSchedule::executed(std::size_t charger, std::uint64_t id, const Result<adapters::Next>& step) {
    auto& orders = seats_[charger].orders;
    const auto order =
        std::find_if(orders.begin(), orders.end(), [&](const Order& known) { return known.id == id; });
    if (order == orders.end()) return;
    if (step && !step->done) {
        order->not_before = step->at;
    } else {
        orders.erase(order);
    }
}

void BusSchedule::polled(std::size_t charger, const Result<adapters::Next>& step, SteadyTime began,
                         SteadyTime ended) {
    auto& seat = seats_[charger];
    seat.spent += ended - began;
    seat.unanswered = !step;
    if (step) {
        seat.next_poll = step->at;
        if (step->done) seat.health = {0, ended};
        return;
    }
    ++seat.health.failures;
    seat.next_poll = std::max(ended + back_off(seat.health.failures), began + shortest_attempt);
    const auto spent = std::exchange(seat.spent, SteadyEpoch::duration::zero());
    if (silent(charger)) next_probe_ = ended + pause_per_probe * spent;
}

}  // namespace busbar::gateway

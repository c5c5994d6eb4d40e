// SPDX-License-Identifier: Apache-2.0
// Two round robins, one above the other.
#include "gateway/bus_schedule.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace busbar::gateway {
namespace {

constexpr int failures_to_silence = 3;
constexpr int silences_to_doubt = 2;        // once is an answer that was lost
constexpr milliseconds cheap_failure{100};  // a damaged answer costs the others nothing
constexpr seconds first_back_off{1};
constexpr seconds longest_back_off{5};
constexpr milliseconds shortest_attempt{500};  // a bus that cannot be opened fails at once
constexpr int pause_per_silence = 3;           // times the time it took: a quarter of the bus

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

bool BusSchedule::is_doubtful(std::size_t charger) const {
    return seats_[charger].silences >= silences_to_doubt;
}

/// When it may cost the others a reply time.
SteadyTime BusSchedule::attempt_at(std::size_t charger) const {
    const auto& seat = seats_[charger];
    return is_doubtful(charger) ? std::max(seat.repeat_at, next_probe_) : seat.repeat_at;
}

SteadyTime BusSchedule::poll_at(std::size_t charger) const {
    return std::max(seats_[charger].next_poll, attempt_at(charger));
}

SteadyTime BusSchedule::order_at(std::size_t charger, const Order& order) const {
    return is_doubtful(charger) ? std::max(order.not_before, attempt_at(charger)) : order.not_before;
}

SteadyTime BusSchedule::first_order_at(std::size_t charger) const {
    auto first = SteadyTime::max();
    for (const auto& order : seats_[charger].orders) first = std::min(first, order_at(charger, order));
    return first;
}

/// What goes unanswered costs a whole reply time: where somebody else could have used it, the next attempt
/// waits until three times as much has been everybody else's.
void BusSchedule::account(std::size_t charger, const Took& took) {
    const auto cost = took.ended - took.began;
    const bool is_cheap = took.heard == Took::Heard::silence && cost < cheap_failure;
    if (took.heard == Took::Heard::nothing || is_cheap) return;
    auto& seat = seats_[charger];
    seat.silences = took.heard == Took::Heard::answer ? 0 : seat.silences + 1;
    seat.repeat_at = {};
    if (seat.silences == 0) return;
    seat.last_silence = took.ended;
    const bool others_answer =
        std::any_of(seats_.begin(), seats_.end(), [](const Seat& each) { return each.silences == 0; });
    if (!silent(charger) && !others_answer) return;
    seat.repeat_at = took.ended + pause_per_silence * cost;
    if (is_doubtful(charger)) next_probe_ = seat.repeat_at;
}

std::optional<BusSchedule::Turn> BusSchedule::next(SteadyTime now) {
    if (auto turn = next_order(now)) return turn;
    return next_poll(now);
}

std::optional<BusSchedule::Turn> BusSchedule::next_order(SteadyTime now) {
    for (std::size_t i = 1; i <= seats_.size(); ++i) {
        const auto charger = (last_ordered_ + i) % seats_.size();
        for (const auto& order : seats_[charger].orders) {
            if (order_at(charger, order) > now) continue;
            if (is_doubtful(charger) && most_promising(now) != charger) continue;
            last_ordered_ = charger;
            return Turn{charger, order.id};
        }
    }
    return std::nullopt;
}

/// Others wait for who has news until its cycle ends, or the first of its exchanges that fails.
std::optional<BusSchedule::Turn> BusSchedule::next_poll(SteadyTime now) {
    for (std::size_t charger = 0; charger < seats_.size(); ++charger) {
        if (!seats_[charger].urgent || poll_at(charger) > now) continue;
        last_polled_ = charger;
        return Turn{charger, std::nullopt};
    }
    for (std::size_t i = 1; i <= seats_.size(); ++i) {
        const auto charger = (last_polled_ + i) % seats_.size();
        if (poll_at(charger) > now) continue;
        if (is_doubtful(charger)) return Turn{most_promising(now), std::nullopt};
        last_polled_ = charger;
        return Turn{charger, std::nullopt};
    }
    return std::nullopt;
}

/// Of the doubtful that are due: fewer silences before a dead charger, then the one that waits longest.
std::size_t BusSchedule::most_promising(SteadyTime now) const {
    const auto rank = [this](std::size_t charger) {
        const auto& seat = seats_[charger];
        return std::pair(std::min(seat.silences, failures_to_silence), seat.last_silence);
    };
    std::optional<std::size_t> best;
    for (std::size_t charger = 0; charger < seats_.size(); ++charger) {
        const auto due = std::min(poll_at(charger), first_order_at(charger));
        if (!is_doubtful(charger) || due > now) continue;
        if (!best || rank(charger) < rank(*best)) best = charger;
    }
    return *best;
}

bool BusSchedule::has_order(SteadyTime now) const {
    for (std::size_t charger = 0; charger < seats_.size(); ++charger) {
        if (first_order_at(charger) <= now) return true;
    }
    return false;
}

SteadyTime BusSchedule::wake_at() const {
    auto wake = SteadyTime::max();
    for (std::size_t charger = 0; charger < seats_.size(); ++charger)
        wake = std::min({wake, poll_at(charger), first_order_at(charger)});
    return wake;
}

void BusSchedule::executed(std::size_t charger, std::uint64_t id, const Result<adapters::Next>& step,
                           const Took& took) {
    account(charger, took);
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

void BusSchedule::polled(std::size_t charger, const Result<adapters::Next>& step, const Took& took) {
    auto& seat = seats_[charger];
    seat.urgent = step && step->urgent && took.heard != Took::Heard::silence;
    if (step) {
        seat.next_poll = step->at;
        if (step->done) seat.health = {0, took.ended};
    } else {
        ++seat.health.failures;
        seat.next_poll = std::max(took.ended + back_off(seat.health.failures), took.began + shortest_attempt);
    }
    account(charger, {took.began, took.ended, step ? took.heard : Took::Heard::silence});
}

}  // namespace busbar::gateway

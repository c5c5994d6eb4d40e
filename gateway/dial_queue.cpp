// SPDX-License-Identifier: Apache-2.0
#include "gateway/dial_queue.hpp"

#include <algorithm>
#include <tuple>

namespace busbar::gateway {

DialQueue::DialQueue(milliseconds first, milliseconds max, std::function<double()> random)
    : first_(first), max_(max), random_(std::move(random)) {}

DialQueue::Caller DialQueue::join() {
    const Caller caller = next_caller_++;
    places_.emplace(caller, Place{.backoff = Backoff(first_, max_), .due = {}});
    return caller;
}

void DialQueue::leave(Caller caller) {
    withdraw(caller);
    places_.erase(caller);
}

void DialQueue::enter(Caller caller, SteadyTime due, bool patient) {
    withdraw(caller);
    Place& place = places_.at(caller);
    place.due = due;
    place.patient = patient;
    place.ticket = next_ticket_++;
}

void DialQueue::want_now(Caller caller, SteadyTime now) {
    enter(caller, now, false);
}

void DialQueue::want_after_failure(Caller caller, SteadyTime now) {
    Place& place = places_.at(caller);
    place.duplicates = 0;
    enter(caller, now + place.backoff.next(random_()), false);
}

void DialQueue::want_after_duplicate(Caller caller, SteadyTime now) {
    Place& place = places_.at(caller);
    enter(caller, now + duplicate_wait(place.duplicates, random_()), true);
    ++place.duplicates;
}

void DialQueue::succeeded(Caller caller, SteadyTime now) {
    withdraw(caller);
    hurry(now);
}

void DialQueue::hurry(SteadyTime now) {
    for (auto& [id, place] : places_) {
        place.backoff.reset();
        if (place.due && !place.patient) place.due = std::min(*place.due, now);
    }
}

void DialQueue::withdraw(Caller caller) {
    Place& place = places_.at(caller);
    if (place.dialling) --dialling_;
    place.dialling = false;
    place.due.reset();
}

std::map<DialQueue::Caller, DialQueue::Place>::const_iterator DialQueue::first_due() const {
    const auto sooner = [](const auto& a, const auto& b) {
        const auto rank = [](const Place& place) {
            return std::tuple(!place.due, place.due.value_or(SteadyTime::max()), place.ticket);
        };
        return rank(a.second) < rank(b.second);
    };
    const auto first = std::min_element(places_.begin(), places_.end(), sooner);
    return first != places_.end() && first->second.due ? first : places_.end();
}

std::optional<DialQueue::Caller> DialQueue::start_next(SteadyTime now) {
    const auto deadline = next_deadline();
    if (!deadline || now < *deadline) return std::nullopt;
    const Caller caller = first_due()->first;
    Place& place = places_.at(caller);
    place.due.reset();
    place.dialling = true;
    ++dialling_;
    last_start_ = now;
    return caller;
}

std::optional<SteadyTime> DialQueue::next_deadline() const {
    const auto first = first_due();
    if (dialling_ >= most_at_once || first == places_.end()) return std::nullopt;
    const SteadyTime due = *first->second.due;
    return last_start_ ? std::max(due, *last_start_ + apart) : due;
}

std::optional<SteadyTime> DialQueue::due(Caller caller) const {
    return places_.at(caller).due;
}

}  // namespace busbar::gateway

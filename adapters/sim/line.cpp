// SPDX-License-Identifier: Apache-2.0
// The line with its stations.
#include "adapters/sim/line.hpp"

#include <algorithm>

namespace busbar::sim {

namespace {

constexpr auto babble_period = 40ms;
constexpr std::uint32_t longest_burst = 12;
constexpr auto look_period = 50ms;
constexpr std::uint8_t stray_byte = 0xFE;
constexpr auto second_answer_after = 15ms;

}  // namespace

Station* Line::find(int unit) {
    const auto found = std::find_if(stations_.begin(), stations_.end(),
                                    [unit](const Station& station) { return station.unit() == unit; });
    return found == stations_.end() ? nullptr : &*found;
}

void Line::serve(ConnectionId connection, Framing& framing, SteadyTime now) {
    while (const auto request = framing.next(now)) {
        if (request->unit == 0) {
            for (Station& each : stations_) {
                each.broadcast(request->payload, now);
            }
        }
        Station* station = find(request->unit);
        if (station == nullptr) {
            continue;
        }
        const auto answer = station->request(request->payload, now);
        if (!answer) {
            continue;
        }
        Request asked = *request;
        asked.unit += answer->foreign ? 1 : 0;
        Bytes bytes = framing.frame(asked, answer->payload);
        if (answer->garbled) {
            framing.garble(bytes);
        }
        if (answer->dirty) {
            bytes.insert(bytes.begin(), stray_byte);
        }
        if (answer->twice) {
            pending_.push_back({answer->due + second_answer_after, {connection, bytes}});
        }
        pending_.push_back({answer->due, {connection, std::move(bytes)}});
    }
}

void Line::babble(bool on, SteadyTime now) {
    next_babble_ = on ? std::optional(now) : std::nullopt;
}

Bytes Line::noise() {
    const auto next = [this] {  // xorshift32
        noise_state_ ^= noise_state_ << 13;
        noise_state_ ^= noise_state_ >> 17;
        noise_state_ ^= noise_state_ << 5;
        return noise_state_;
    };
    Bytes bytes(1 + next() % longest_burst);
    std::generate(bytes.begin(), bytes.end(), [&next] { return static_cast<std::uint8_t>(next() >> 24); });
    return bytes;
}

void Line::collect_notifications(SteadyTime now) {
    if (next_look_ && now < *next_look_) {
        return;
    }
    next_look_.reset();
    for (Station& station : stations_) {
        if (!station.box().speaks_by_itself()) {
            continue;
        }
        next_look_ = now + look_period;
        for (Bytes& bytes : station.take_notifications(now)) {
            pending_.push_back({now, {std::nullopt, std::move(bytes)}});
        }
    }
}

std::vector<Line::Outgoing> Line::take_due(SteadyTime now) {
    std::vector<Outgoing> due;
    collect_notifications(now);
    if (next_babble_ && *next_babble_ <= now) {
        due.push_back({std::nullopt, noise()});
        next_babble_ = now + babble_period;
    }
    const auto later = std::stable_partition(pending_.begin(), pending_.end(),
                                             [now](const Pending& pending) { return pending.due <= now; });
    std::stable_sort(pending_.begin(), later,
                     [](const Pending& a, const Pending& b) { return a.due < b.due; });
    std::for_each(pending_.begin(), later,
                  [&due](Pending& pending) { due.push_back(std::move(pending.outgoing)); });
    pending_.erase(pending_.begin(), later);
    return due;
}

std::optional<SteadyTime> Line::next_due() const {
    std::optional<SteadyTime> next = next_babble_;
    if (next_look_) {
        next = next ? std::min(*next, *next_look_) : next_look_;
    }
    for (const Pending& pending : pending_) {
        next = next ? std::min(*next, pending.due) : pending.due;
    }
    return next;
}

}  // namespace busbar::sim

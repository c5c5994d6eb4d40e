// SPDX-License-Identifier: Apache-2.0
#include "gateway/trace_ring.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace busbar::gateway {
namespace {

constexpr std::ptrdiff_t most_at_once = 500;

bool is_frame(const TraceEvent& event) {
    return event.kind == TraceKind::ocpp_sent || event.kind == TraceKind::ocpp_received;
}

/// At most `most_at_once` of a ring.
auto after_number(const std::deque<NumberedTrace>& ring, std::int64_t after) {
    const auto first =
        std::partition_point(ring.begin(), ring.end(), [=](const auto& one) { return one.number <= after; });
    return std::pair(first, first + std::min<std::ptrdiff_t>(ring.end() - first, most_at_once));
}

}  // namespace

void TraceRing::add(TraceEvent event) {
    if (event.text.size() > longest_text) event.text.resize(longest_text);
    auto& ring = is_frame(event) ? frames_ : exchanges_;
    ring.push_back({++last_, std::move(event)});
    if (ring.size() > capacity) ring.pop_front();
}

std::vector<NumberedTrace> TraceRing::since(std::int64_t after) const {
    const auto [frame, last_frame] = after_number(frames_, after);
    const auto [exchange, last_exchange] = after_number(exchanges_, after);
    std::vector<NumberedTrace> events;
    std::merge(frame, last_frame, exchange, last_exchange, std::back_inserter(events),
               [](const auto& a, const auto& b) { return a.number < b.number; });
    if (events.size() > most_at_once) events.erase(events.begin() + most_at_once, events.end());
    return events;
}

}  // namespace busbar::gateway

// SPDX-License-Identifier: Apache-2.0
#include "gateway/trace_ring.hpp"

#include <algorithm>
#include <utility>

namespace busbar::gateway {
namespace {

constexpr std::ptrdiff_t most_at_once = 500;

}  // namespace

void TraceRing::add(TraceEvent event) {
    if (event.text.size() > longest_text) event.text.resize(longest_text);
    events_.push_back({++last_, std::move(event)});
    if (events_.size() > capacity) events_.pop_front();
}

std::vector<NumberedTrace> TraceRing::since(std::int64_t after) const {
    const auto first = std::find_if(events_.begin(), events_.end(),
                                    [&](const NumberedTrace& one) { return one.number > after; });
    const auto count = std::min<std::ptrdiff_t>(events_.end() - first, most_at_once);
    return {first, first + count};
}

}  // namespace busbar::gateway

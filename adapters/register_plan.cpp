// SPDX-License-Identifier: Apache-2.0
// One pass over the sorted spans; a gap is crossed only where every address is documented.
#include "adapters/register_plan.hpp"

#include <algorithm>
#include <optional>

namespace busbar::adapters {
namespace {

int end(const Span& span) {
    return span.address + span.count;
}

bool same_table(const Span& a, const Span& b) {
    return a.unit == b.unit && a.table == b.table;
}

bool has_address(const std::vector<Span>& spans, const Span& like, int address) {
    return std::any_of(spans.begin(), spans.end(), [&](const Span& span) {
        return same_table(span, like) && span.address <= address && address < end(span);
    });
}

/// `read` made longer to reach the end of `next`, if that is allowed.
std::optional<Span> extended(const Span& read, const Span& next, const std::vector<Span>& readable,
                             int most) {
    if (!same_table(read, next)) return std::nullopt;
    const int new_end = std::max(end(read), end(next));
    if (new_end - read.address > most) return std::nullopt;
    for (int address = end(read); address < next.address; ++address) {
        if (!has_address(readable, read, address)) return std::nullopt;
    }
    Span longer = read;
    longer.count = new_end - read.address;
    return longer;
}

void append_cut(std::vector<Span>& reads, Span span, int most) {
    while (span.count > most) {
        reads.push_back({span.unit, span.table, span.address, most});
        span.address += most;
        span.count -= most;
    }
    reads.push_back(span);
}

}  // namespace

std::vector<Span> plan_reads(std::vector<Span> due, const std::vector<Span>& readable,
                             const config::ReadLimits& limits) {
    std::sort(due.begin(), due.end());
    due.erase(std::unique(due.begin(), due.end()), due.end());
    const int most = std::clamp(limits.max_registers, 1, 125);
    std::vector<Span> reads;
    for (const auto& span : due) {
        const auto longer =
            reads.empty() || !limits.merge ? std::nullopt : extended(reads.back(), span, readable, most);
        if (longer) {
            reads.back() = *longer;
        } else {
            append_cut(reads, span, most);
        }
    }
    return reads;
}

}  // namespace busbar::adapters

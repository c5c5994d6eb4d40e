// SPDX-License-Identifier: Apache-2.0
// One pass over the sorted spans; a gap is crossed only where every address is documented. Blocks stand
// alone.
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

/// Reads that must not grow, and addresses that none may have.
struct Bounds {
    const config::ReadLimits& limits;
    const std::vector<Span>& blocks;
    int most;
};

bool is_forbidden(const config::ReadLimits& limits, const Span& span) {
    return std::any_of(
        limits.forbidden.begin(), limits.forbidden.end(), [&](const config::ReadLimits::Addresses& range) {
            return range.table == span.table && range.first < end(span) && span.address <= range.last;
        });
}

/// `read` made longer to reach the end of `next`, if that is allowed.
std::optional<Span> extended(const Span& read, const Span& next, const std::vector<Span>& readable,
                             const Bounds& bounds) {
    if (!bounds.limits.merge || !same_table(read, next)) return std::nullopt;
    if (block_of(bounds.blocks, read) != nullptr || block_of(bounds.blocks, next) != nullptr)
        return std::nullopt;
    const int new_end = std::max(end(read), end(next));
    if (new_end - read.address > bounds.most) return std::nullopt;
    for (int address = end(read); address < next.address; ++address) {
        if (!has_address(readable, read, address) || has_address(bounds.blocks, read, address))
            return std::nullopt;
    }
    Span longer = read;
    longer.count = new_end - read.address;
    if (is_forbidden(bounds.limits, longer)) return std::nullopt;
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

const Span* block_of(const std::vector<Span>& blocks, const Span& span) {
    const auto block = std::find_if(blocks.begin(), blocks.end(), [&](const Span& each) {
        return same_table(each, span) && each.address <= span.address && end(span) <= end(each);
    });
    return block == blocks.end() ? nullptr : &*block;
}

std::vector<Span> plan_reads(std::vector<Span> due, const std::vector<Span>& readable,
                             const config::ReadLimits& limits, const std::vector<Span>& blocks) {
    for (auto& span : due) {
        if (const auto* block = block_of(blocks, span)) span = *block;
    }
    std::erase_if(due, [&](const Span& span) { return is_forbidden(limits, span); });
    std::sort(due.begin(), due.end());
    due.erase(std::unique(due.begin(), due.end()), due.end());
    const Bounds bounds{limits, blocks, std::clamp(limits.max_registers, 1, 125)};
    std::vector<Span> reads;
    for (const auto& span : due) {
        const auto longer = reads.empty() ? std::nullopt : extended(reads.back(), span, readable, bounds);
        if (longer) {
            reads.back() = *longer;
        } else if (block_of(blocks, span) != nullptr) {
            reads.push_back(span);
        } else {
            append_cut(reads, span, bounds.most);
        }
    }
    return reads;
}

}  // namespace busbar::adapters

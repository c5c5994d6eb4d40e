// SPDX-License-Identifier: Apache-2.0
// Which reads fetch a set of registers: neighbours in one exchange, nothing the manual does not name. Pure.
#pragma once

#include <vector>

#include "adapters/registers.hpp"
#include "config/profile.hpp"

namespace busbar::adapters {

/// Few reads that cover every span of `due`, sorted. A read stays within one unit and table and within
/// `limits`, and spans an address that is not due only if a span of `readable` has it. A span longer than the
/// limit is cut. Without merging each different span is a read of its own. A span inside one of `blocks`,
/// which are those of `limits` at their unit ids, is read as that whole block and with nothing else. No read
/// touches a forbidden address: what is due there is left out.
std::vector<Span> plan_reads(std::vector<Span> due, const std::vector<Span>& readable,
                             const config::ReadLimits& limits, const std::vector<Span>& blocks = {});

/// The block that holds all of `span`.
const Span* block_of(const std::vector<Span>& blocks, const Span& span);

}  // namespace busbar::adapters

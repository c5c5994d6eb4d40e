// SPDX-License-Identifier: Apache-2.0
// Which reads fetch a set of registers: neighbours in one exchange, nothing the manual does not name. Pure.
#pragma once

#include <vector>

#include "adapters/registers.hpp"
#include "config/profile.hpp"

namespace busbar::adapters {

/// Few reads that cover every span of `due`. A read stays within one unit and table and within `limits`, and
/// spans an address that is not due only if a span of `readable` has it. A span longer than the limit is cut.
/// Without merging each different span is a read of its own.
std::vector<Span> plan_reads(std::vector<Span> due, const std::vector<Span>& readable,
                             const config::ReadLimits& limits);

}  // namespace busbar::adapters

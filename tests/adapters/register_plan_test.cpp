// SPDX-License-Identifier: Apache-2.0
// Few reads, and never an address that the manual does not name.
#include "adapters/register_plan.hpp"

#include <gtest/gtest.h>

namespace busbar::adapters {

/// For gtest's messages.
static void PrintTo(const Span& span, std::ostream* out) {
    *out << to_text(span);
}

namespace {

using config::Table;
using Spans = std::vector<Span>;

constexpr config::ReadLimits generous;

Span input(int address, int count = 1) {
    return {1, Table::input, address, count};
}

TEST(RegisterPlan, MergesNeighbours) {
    EXPECT_EQ(plan_reads({input(6), input(5), input(7, 2)}, {}, generous), Spans{input(5, 4)});
}

TEST(RegisterPlan, SpansADocumentedGapButNeverAnUndocumentedAddress) {
    EXPECT_EQ(plan_reads({input(5), input(8)}, {input(6, 2)}, generous), Spans{input(5, 4)});
    EXPECT_EQ(plan_reads({input(5), input(8)}, {input(6)}, generous), (Spans{input(5), input(8)}));
    EXPECT_EQ(
        plan_reads({input(5), input(8)}, {{2, Table::input, 6, 2}, {1, Table::holding, 6, 2}}, generous),
        (Spans{input(5), input(8)}));
}

TEST(RegisterPlan, StaysWithinTheLimit) {
    config::ReadLimits limits;
    limits.max_registers = 4;
    EXPECT_EQ(plan_reads({input(0, 2), input(2, 2), input(4, 2)}, {}, limits),
              (Spans{input(0, 4), input(4, 2)}));
    EXPECT_EQ(plan_reads({input(0, 9)}, {}, limits), (Spans{input(0, 4), input(4, 4), input(8, 1)}));
}

TEST(RegisterPlan, NeverMixesTablesOrUnits) {
    const Span other_table{1, Table::holding, 6, 1};
    const Span other_unit{2, Table::input, 6, 1};
    EXPECT_EQ(plan_reads({input(5), other_table, other_unit}, {}, generous),
              (Spans{input(5), other_table, other_unit}));
}

TEST(RegisterPlan, CountsOverlappingAndRepeatedSpansOnce) {
    EXPECT_EQ(plan_reads({input(5, 4), input(6), input(6)}, {}, generous), Spans{input(5, 4)});
}

TEST(RegisterPlan, ReadsOneValueAtATimeWhereTheModelAsksForIt) {
    config::ReadLimits limits;
    limits.merge = false;
    EXPECT_EQ(plan_reads({input(5), input(6), input(6)}, {}, limits), (Spans{input(5), input(6)}));
}

TEST(RegisterPlan, ReadsABlockWholeAndWithNothingElse) {
    const Spans blocks{input(10, 8)};
    EXPECT_EQ(plan_reads({input(8, 2), input(12), input(14, 2), input(18)}, {}, generous, blocks),
              (Spans{input(8, 2), input(10, 8), input(18)}));
    EXPECT_EQ(plan_reads({input(8), input(20)}, {input(9, 11)}, generous, blocks),
              (Spans{input(8), input(20)}));
    EXPECT_EQ(plan_reads({{2, Table::input, 12, 1}}, {}, generous, blocks),
              (Spans{{2, Table::input, 12, 1}}));
}

TEST(RegisterPlan, NeverTouchesAForbiddenAddress) {
    config::ReadLimits limits;
    limits.forbidden = {{Table::input, 6, 7}};
    EXPECT_EQ(plan_reads({input(5), input(6), input(8)}, {input(6, 2)}, limits), (Spans{input(5), input(8)}));
}

}  // namespace
}  // namespace busbar::adapters

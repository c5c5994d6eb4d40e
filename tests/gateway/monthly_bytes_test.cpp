// SPDX-License-Identifier: Apache-2.0
// A kernel's counter, restarts of it and of the machine, and the end of the month.
#include "gateway/uplink/monthly_bytes.hpp"

#include <gtest/gtest.h>

namespace busbar::gateway {
namespace {

TEST(MonthlyBytes, BeginsAtNothingAndCountsOn) {
    MonthlyBytes bytes;
    bytes.count(5'000, "boot-1", "2026-11");
    EXPECT_EQ(bytes.kept().bytes, 0U) << "what was before us may be of another month";
    bytes.count(5'700, "boot-1", "2026-11");
    EXPECT_EQ(bytes.kept().bytes, 700U);
}

TEST(MonthlyBytes, GoesOnAfterARestartOfTheDaemon) {
    MonthlyBytes before;
    before.count(100, "boot-1", "2026-11");
    before.count(300, "boot-1", "2026-11");
    MonthlyBytes after(before.kept());
    after.count(1'000, "boot-1", "2026-11");
    EXPECT_EQ(after.kept().bytes, 900U);
}

TEST(MonthlyBytes, ACounterThatStartedOverAddsAllItShows) {
    MonthlyBytes bytes;
    bytes.count(100, "boot-1", "2026-11");
    bytes.count(40, "boot-1", "2026-11");
    EXPECT_EQ(bytes.kept().bytes, 40U) << "the interface was made anew";
    bytes.count(90, "boot-2", "2026-11");
    EXPECT_EQ(bytes.kept().bytes, 130U) << "the machine was started anew";
}

TEST(MonthlyBytes, ANewMonthBeginsAnewAndAnUnknownOneDoesNot) {
    MonthlyBytes bytes;
    bytes.count(0, "boot-1", "2026-11");
    bytes.count(500, "boot-1", "2026-11");
    bytes.count(600, "boot-1", "");
    EXPECT_EQ(bytes.kept().bytes, 600U);
    bytes.count(650, "boot-1", "2026-12");
    EXPECT_EQ(bytes.kept().bytes, 50U);
    EXPECT_EQ(bytes.kept().month, "2026-12");
}

TEST(MonthlyBytes, TellsEachMarkOfTheBudgetOnceAMonth) {
    MonthlyBytes bytes;
    bytes.count(0, "boot-1", "2026-11");
    bytes.count(799, "boot-1", "2026-11");
    EXPECT_FALSE(bytes.mark_passed(1'000));
    bytes.count(800, "boot-1", "2026-11");
    EXPECT_EQ(bytes.mark_passed(1'000), 80);
    EXPECT_FALSE(bytes.mark_passed(1'000));
    bytes.count(1'200, "boot-1", "2026-11");
    EXPECT_EQ(bytes.mark_passed(1'000), 100);
    EXPECT_FALSE(MonthlyBytes(bytes.kept()).mark_passed(1'000)) << "nor after a restart";
    bytes.count(3'000, "boot-1", "2026-12");
    EXPECT_EQ(bytes.mark_passed(1'000), 100) << "both at once are one warning";
    EXPECT_FALSE(bytes.mark_passed(1'000));
}

}  // namespace
}  // namespace busbar::gateway

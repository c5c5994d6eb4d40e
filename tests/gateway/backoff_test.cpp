// SPDX-License-Identifier: Apache-2.0
#include "gateway/backoff.hpp"

#include <gtest/gtest.h>

namespace busbar::gateway {
namespace {

TEST(Backoff, DoublesUpToTheMaximumAndStaysThere) {
    Backoff backoff(1s, 10s);
    std::vector<milliseconds> longest;
    for (int i = 0; i < 6; ++i) longest.push_back(backoff.next(0.999999) + 1ms);
    EXPECT_EQ(longest, (std::vector<milliseconds>{1s, 2s, 4s, 8s, 10s, 10s}));
}

TEST(Backoff, JitterNeverGoesBelowHalfTheWait) {
    Backoff backoff(1s, 120s);
    EXPECT_EQ(backoff.next(0.0), 500ms);
    EXPECT_EQ(backoff.next(0.0), 1000ms);
    EXPECT_EQ(backoff.next(0.5), 3000ms);
}

TEST(Backoff, StartsOverAfterASuccess) {
    Backoff backoff(1s, 120s);
    for (int i = 0; i < 5; ++i) backoff.next(0.5);
    backoff.reset();
    EXPECT_EQ(backoff.next(0.0), 500ms);
}

TEST(Backoff, AFirstWaitAboveTheMaximumIsTheMaximum) {
    Backoff backoff(30s, 10s);
    EXPECT_EQ(backoff.next(0.0), 5s);
    EXPECT_EQ(backoff.next(0.0), 5s);
}

TEST(Backoff, DoesNotOverflowAfterYearsOfFailures) {
    Backoff backoff(1ms, milliseconds(std::numeric_limits<int>::max()));
    milliseconds wait{0};
    for (int i = 0; i < 10'000; ++i) wait = backoff.next(0.0);
    EXPECT_EQ(wait, milliseconds(std::numeric_limits<int>::max() / 2));
}

TEST(DuplicateWait, ClimbsTheLadderWithinTwentyPercent) {
    EXPECT_EQ(duplicate_wait(0, 0.5), 5s);
    EXPECT_EQ(duplicate_wait(1, 0.5), 10s);
    EXPECT_EQ(duplicate_wait(2, 0.5), 20s);
    EXPECT_EQ(duplicate_wait(3, 0.5), 30s);
    EXPECT_EQ(duplicate_wait(9, 0.5), 30s);
    EXPECT_EQ(duplicate_wait(0, 0.0), 4s);
    EXPECT_LT(duplicate_wait(0, 0.999), 6s);
}

}  // namespace
}  // namespace busbar::gateway

// SPDX-License-Identifier: Apache-2.0
// The books of a line: reply times and load.
#include <gtest/gtest.h>

#include "adapters/busy_share.hpp"
#include "adapters/reply_times.hpp"

namespace busbar::adapters {
namespace {

using namespace std::chrono_literals;

/// Of a histogram whose buckets end at 1.19 times their beginning.
void expect_about(std::optional<std::chrono::microseconds> time, std::chrono::microseconds wanted) {
    ASSERT_TRUE(time);
    EXPECT_GE(*time, wanted);
    EXPECT_LE(*time, wanted * 120 / 100);
}

TEST(ReplyTimes, HaveNoQuantileBeforeTheFirst) {
    EXPECT_EQ(ReplyTimes().quantile(0.5), std::nullopt);
}

TEST(ReplyTimes, TellTheMedianFromTheSlowestInAHundred) {
    ReplyTimes times;
    for (int i = 0; i < 98; ++i) times.add(12ms);
    times.add(400ms);
    times.add(400ms);
    expect_about(times.quantile(0.5), 12ms);
    expect_about(times.quantile(0.98), 12ms);
    expect_about(times.quantile(0.99), 400ms);
}

TEST(ReplyTimes, CountTheShortestAndTheLongestInTheirLastBuckets) {
    ReplyTimes times;
    times.add(0us);
    expect_about(times.quantile(0.5), 100us);
    for (int i = 0; i < 9; ++i) times.add(1h);
    EXPECT_GT(*times.quantile(0.99), 20s);
}

TEST(BusyShare, IsThatOfTheFirstMinuteSoFar) {
    BusyShare load;
    const SteadyTime start{100s};
    load.add(start, start + 1s);
    EXPECT_DOUBLE_EQ(load.share(), 1);
    load.add(start + 3s, start + 4s);
    EXPECT_DOUBLE_EQ(load.share(), 0.5);
}

TEST(BusyShare, IsThenThatOfTheLastWholeMinute) {
    BusyShare load;
    const SteadyTime start{100s};
    load.add(start, start + 15s);
    load.add(start + 45s, start + 60s);
    EXPECT_DOUBLE_EQ(load.share(), 0.5);
    load.add(start + 60s, start + 61s);
    EXPECT_DOUBLE_EQ(load.share(), 0.5) << "the new minute has only begun";
    load.add(start + 115s, start + 120s);
    EXPECT_DOUBLE_EQ(load.share(), 0.1);
}

}  // namespace
}  // namespace busbar::adapters

// SPDX-License-Identifier: Apache-2.0
#include "gateway/ping_schedule.hpp"

#include <gtest/gtest.h>

namespace busbar::gateway {
namespace {

using Action = PingSchedule::Action;
constexpr SteadyTime t0{100s};

TEST(PingSchedule, PingsOnceAnInterval) {
    PingSchedule pings(20s, 10s, t0);
    EXPECT_EQ(pings.next_deadline(), t0 + 20s);
    EXPECT_EQ(pings.due(t0 + 19s, 100), Action::none);
    EXPECT_EQ(pings.due(t0 + 20s, 100), Action::ping);
    EXPECT_EQ(pings.next_deadline(), t0 + 30s);
    EXPECT_EQ(pings.due(t0 + 30s, 102), Action::none);
    EXPECT_EQ(pings.next_deadline(), t0 + 40s);
    EXPECT_EQ(pings.due(t0 + 40s, 102), Action::ping);
}

TEST(PingSchedule, NoIntervalIsLongerThanALoadBalancersPatience) {
    EXPECT_EQ(PingSchedule(0s, 10s, t0).next_deadline(), t0 + 50s);
    EXPECT_EQ(PingSchedule(3600s, 10s, t0).next_deadline(), t0 + 50s);
    EXPECT_EQ(PingSchedule(50s, 10s, t0).next_deadline(), t0 + 50s);
    EXPECT_EQ(PingSchedule(-1s, 10s, t0).next_deadline(), t0 + 50s);
}

TEST(PingSchedule, GivesUpWhenNotAByteFollowsThePingWithinTenSeconds) {
    PingSchedule pings(20s, 10s, t0);
    ASSERT_EQ(pings.due(t0 + 20s, 100), Action::ping);
    EXPECT_EQ(pings.due(t0 + 29999ms, 100), Action::none);
    EXPECT_EQ(pings.due(t0 + 30s, 100), Action::give_up);
}

TEST(PingSchedule, AnyByteCountsAsThePong) {
    PingSchedule pings(20s, 10s, t0);
    ASSERT_EQ(pings.due(t0 + 20s, 100), Action::ping);
    EXPECT_EQ(pings.due(t0 + 30s, 101), Action::none);
}

TEST(PingSchedule, AnIntervalShorterThanThePongLimitStillAllowsTenSeconds) {
    PingSchedule pings(4s, 10s, t0);
    ASSERT_EQ(pings.due(t0 + 4s, 7), Action::ping);
    EXPECT_EQ(pings.due(t0 + 8s, 7), Action::ping);
    EXPECT_EQ(pings.due(t0 + 12s, 7), Action::ping);
    EXPECT_EQ(pings.next_deadline(), t0 + 14s);
    EXPECT_EQ(pings.due(t0 + 14s, 7), Action::give_up);
}

TEST(PingSchedule, AMessageThatNothingFollowsForTwoSecondsIsFollowedByAPing) {
    PingSchedule pings(20s, 10s, t0);
    pings.on_sent(t0 + 3s, 100);
    EXPECT_EQ(pings.next_deadline(), t0 + 5s);
    pings.on_sent(t0 + 4s, 100);
    EXPECT_EQ(pings.due(t0 + 5s, 100), Action::ping);
    EXPECT_EQ(pings.next_deadline(), t0 + 15s);
    pings.on_sent(t0 + 6s, 100);
    EXPECT_EQ(pings.due(t0 + 14s, 100), Action::none);
    EXPECT_EQ(pings.due(t0 + 15s, 100), Action::give_up);
}

TEST(PingSchedule, AnAnsweredMessageIsFollowedByNone) {
    PingSchedule pings(20s, 10s, t0);
    pings.on_sent(t0 + 3s, 100);
    EXPECT_EQ(pings.due(t0 + 5s, 101), Action::none);
    EXPECT_EQ(pings.next_deadline(), t0 + 20s);
    EXPECT_EQ(pings.due(t0 + 20s, 101), Action::ping);
}

TEST(PingSchedule, APingOnSilencePutsTheNextOneOff) {
    PingSchedule pings(20s, 10s, t0);
    pings.on_sent(t0 + 3s, 100);
    ASSERT_EQ(pings.due(t0 + 5s, 100), Action::ping);
    EXPECT_EQ(pings.due(t0 + 15s, 102), Action::none);
    EXPECT_EQ(pings.next_deadline(), t0 + 25s);
}

TEST(PingSchedule, ANewIntervalCountsFromNow) {
    PingSchedule pings(50s, 10s, t0);
    pings.set_interval(10s, t0 + 45s);
    EXPECT_EQ(pings.next_deadline(), t0 + 55s);
}

}  // namespace
}  // namespace busbar::gateway

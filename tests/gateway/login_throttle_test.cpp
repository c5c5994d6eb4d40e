// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/auth/login_throttle.hpp"

#include <gtest/gtest.h>

namespace busbar::gateway {
namespace {

constexpr SteadyTime begin{};

/// Fails as often as told, each time as soon as it may; the time after the last.
SteadyTime fail(LoginThrottle& throttle, int times, const std::string& client, SteadyTime now,
                const std::string& user = "eva") {
    for (int i = 0; i < times; ++i) {
        now += throttle.wait(user, client, now);
        throttle.begin(user, client, now);
    }
    return now;
}

TEST(LoginThrottle, ThreeFailuresAreFreeThenTheWaitDoublesUpToAMinute) {
    LoginThrottle throttle;
    auto now = begin;
    for (const auto expected : {0s, 0s, 0s, 1s, 2s, 4s, 8s, 16s, 32s, 60s, 60s}) {
        EXPECT_EQ(throttle.wait("eva", "192.0.2.1", now), expected);
        now = fail(throttle, 1, "192.0.2.1", now);
    }
}

TEST(LoginThrottle, TellsHowManyAddressesItSlowsUntilTheyAreForgotten) {
    LoginThrottle throttle;
    fail(throttle, 2, "192.0.2.1", begin);
    EXPECT_EQ(throttle.slowed(begin), 0U) << "the first failures are free";
    const auto now = fail(throttle, 3, "192.0.2.2", begin);
    EXPECT_EQ(throttle.slowed(now), 1U);
    EXPECT_EQ(throttle.slowed(now + LoginThrottle::memory), 0U);
}

TEST(LoginThrottle, AnAddressWaitsWhateverTheAccount) {
    LoginThrottle throttle;
    fail(throttle, 5, "192.0.2.1", begin);
    EXPECT_GT(throttle.wait("adam", "192.0.2.1", begin), 0s);
}

TEST(LoginThrottle, ACleanAddressIsLetInAtOnceHoweverOftenTheAccountWasGuessedAt) {
    LoginThrottle throttle;
    const auto now = fail(throttle, 100, "192.0.2.1", begin);
    EXPECT_EQ(throttle.wait("eva", "192.0.2.2", now), 0s);
}

TEST(LoginThrottle, AnAddressThatFailedOnceWaitsForAnAccountThatManyGuessAt) {
    LoginThrottle throttle;
    for (int i = 0; i < 20; ++i) throttle.begin("eva", "192.0.2." + std::to_string(i), begin);
    EXPECT_EQ(throttle.wait("eva", "192.0.2.1", begin), 30s);
    EXPECT_EQ(throttle.wait("adam", "192.0.2.1", begin), 0s);
}

TEST(LoginThrottle, WhoKnowsOnePasswordGuessesAnotherNoCheaper) {
    LoginThrottle throttle;
    auto now = fail(throttle, 6, "192.0.2.1", begin);
    const auto wait = throttle.wait("eva", "192.0.2.1", now);
    now += wait;
    throttle.begin("adam", "192.0.2.1", now);
    throttle.succeeded("adam", "192.0.2.1");
    EXPECT_EQ(throttle.wait("eva", "192.0.2.1", now), wait);
}

TEST(LoginThrottle, SuccessLeavesNothingOfItself) {
    LoginThrottle throttle;
    for (int i = 0; i < 50; ++i) {
        EXPECT_EQ(throttle.wait("eva", "192.0.2.1", begin), 0s);
        throttle.begin("eva", "192.0.2.1", begin);
        throttle.succeeded("eva", "192.0.2.1");
    }
}

TEST(LoginThrottle, ForgetsAnHourAfterTheLastFailure) {
    LoginThrottle throttle;
    const auto now = fail(throttle, 12, "192.0.2.1", begin);
    EXPECT_EQ(throttle.wait("eva", "192.0.2.1", now + 59min), 0s) << "the wait itself is over by then";
    EXPECT_EQ(throttle.wait("eva", "192.0.2.1", now), 60s);
    throttle.begin("eva", "192.0.2.1", now + 61min);
    EXPECT_EQ(throttle.wait("eva", "192.0.2.1", now + 61min), 0s) << "counted anew";
}

TEST(LoginThrottle, ManyAddressesCostNoMemory) {
    LoginThrottle throttle;
    const auto later = fail(throttle, 8, "192.0.2.1", begin) + 1s;
    ASSERT_GT(throttle.wait("eva", "192.0.2.1", later), 0s);
    for (int i = 0; i < 600; ++i) throttle.begin("user" + std::to_string(i), std::to_string(i), later);
    EXPECT_EQ(throttle.wait("eva", "192.0.2.1", later), 0s) << "the oldest gave way";
}

}  // namespace
}  // namespace busbar::gateway

// SPDX-License-Identifier: Apache-2.0
// Whose word counts for the time.
#include "gateway/timekeeper.hpp"

#include <gtest/gtest.h>

namespace busbar::gateway {
namespace {

using std::chrono::hours;

constexpr UtcTime noon = std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + hours(12);
constexpr UtcTime release = noon - hours(24);
constexpr SteadyTime start(hours(1));
constexpr SystemClock dead{UtcTime(hours(5))};  ///< 1970
constexpr SystemClock far_ahead{std::chrono::sys_days(std::chrono::year(2038) / 1 / 19)};
constexpr SystemClock unconfirmed{noon};
constexpr SystemClock synchronised{noon, true};

TEST(Timekeeper, BelievesASynchronisedClockBeforeEverything) {
    Timekeeper keeper(release);
    keeper.offer(noon + hours(5), TimeSource::ocpp, start);
    EXPECT_EQ(keeper.now(start, synchronised).utc, noon);
    EXPECT_EQ(keeper.source(synchronised), TimeSource::ntp);
}

TEST(Timekeeper, BelievesAPlausibleClockWhileNobodySaysOtherwise) {
    Timekeeper keeper(release);
    EXPECT_EQ(keeper.now(start, unconfirmed).utc, noon);
    EXPECT_EQ(keeper.source(unconfirmed), TimeSource::rtc);
}

TEST(Timekeeper, KnowsNoTimeIn1970NorIn2038) {
    const Timekeeper keeper(release);
    for (const auto& clock : {dead, far_ahead}) {
        EXPECT_EQ(keeper.now(start, clock).utc, std::nullopt);
        EXPECT_EQ(keeper.source(clock), TimeSource::none);
    }
}

TEST(Timekeeper, ASynchronisedClockThatCannotBeIsNotBelieved) {
    EXPECT_EQ(Timekeeper(release).now(start, {far_ahead.utc, true}).utc, std::nullopt);
}

TEST(Timekeeper, CountsOnFromTheCentralSystemsWord) {
    Timekeeper keeper(release);
    EXPECT_TRUE(keeper.offer(noon, TimeSource::ocpp, start));
    EXPECT_EQ(keeper.now(start + 90s, dead).utc, noon + 90s);
    EXPECT_EQ(keeper.source(dead), TimeSource::ocpp);
}

TEST(Timekeeper, TheCentralSystemCorrectsAnUnconfirmedClock) {
    Timekeeper keeper(release);
    keeper.offer(noon + 60s, TimeSource::ocpp, start);
    EXPECT_EQ(keeper.now(start, unconfirmed).utc, noon + 60s);
}

TEST(Timekeeper, AgreementWithinTenSecondsLeavesTheClockItsOwnTime) {
    Timekeeper keeper(release);
    keeper.offer(noon + 9s, TimeSource::ocpp, start);
    EXPECT_EQ(keeper.now(start, unconfirmed).utc, noon);
    EXPECT_EQ(keeper.source(unconfirmed), TimeSource::ocpp);
}

TEST(Timekeeper, DoesNotBelieveACentralSystemThatLivesIn1970OrIn2038) {
    Timekeeper keeper(release);
    EXPECT_FALSE(keeper.offer(dead.utc, TimeSource::ocpp, start));
    EXPECT_FALSE(keeper.offer(far_ahead.utc, TimeSource::ocpp, start));
    EXPECT_EQ(keeper.now(start, dead).utc, std::nullopt);
}

TEST(Timekeeper, TheMobileNetworkDoesNotOverruleTheCentralSystem) {
    Timekeeper keeper(release);
    keeper.offer(noon, TimeSource::ocpp, start);
    EXPECT_FALSE(keeper.offer(noon + hours(1), TimeSource::network, start));
    EXPECT_TRUE(keeper.offer(noon + hours(2), TimeSource::ocpp, start));
}

TEST(Timekeeper, AnUnconfirmedClockBehindTheFloorIsWrong) {
    const Timekeeper keeper(release, noon + hours(1));
    EXPECT_EQ(keeper.now(start, unconfirmed).utc, std::nullopt);
    EXPECT_EQ(keeper.source(unconfirmed), TimeSource::floor);
    EXPECT_EQ(keeper.now(start, synchronised).utc, noon) << "unless the kernel knows better";
}

TEST(Timekeeper, AFloorFromBeforeTheReleaseSaysNothing) {
    EXPECT_EQ(Timekeeper(release, release - hours(1)).floor(), release);
}

TEST(Timekeeper, JudgesCertificatesAtTheLaterOfClockAndFloorWhileItKnowsNoTime) {
    Timekeeper keeper(release, noon);
    EXPECT_EQ(keeper.verification_time(start, dead), noon);
    EXPECT_EQ(keeper.verification_time(start, far_ahead), far_ahead.utc);
    keeper.offer(noon + hours(3), TimeSource::ocpp, start);
    EXPECT_EQ(keeper.verification_time(start, far_ahead), noon + hours(3));
}

TEST(Timekeeper, AnUnverifiedDateBeforeTheFloorIsAReplay) {
    Timekeeper keeper(release, noon);
    EXPECT_FALSE(keeper.offer(noon - 1s, TimeSource::network, start));
    EXPECT_TRUE(keeper.offer(noon - 1s, TimeSource::ocpp, start)) << "a poisoned floor can be mended";
}

TEST(Timekeeper, OnlyAConfirmedTimeBecomesTheNextFloor) {
    Timekeeper keeper(release);
    EXPECT_EQ(keeper.next_floor(start, unconfirmed), std::nullopt);
    EXPECT_EQ(keeper.next_floor(start, synchronised), noon);
    keeper.offer(noon + hours(3), TimeSource::ocpp, start);
    EXPECT_EQ(keeper.next_floor(start + 1s, dead), noon + hours(3) + 1s);
}

}  // namespace
}  // namespace busbar::gateway

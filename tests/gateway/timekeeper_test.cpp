// SPDX-License-Identifier: Apache-2.0
#include "gateway/timekeeper.hpp"

#include <gtest/gtest.h>

namespace busbar::gateway {
namespace {

constexpr UtcTime noon = std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + std::chrono::hours(12);
constexpr SteadyTime start(std::chrono::hours(1));
constexpr UtcTime release = noon - std::chrono::hours(24);

TEST(Timekeeper, TakesTheSystemsTimeWhereThereIsOne) {
    Timekeeper keeper(release);
    keeper.offer(noon + std::chrono::hours(5), start);
    EXPECT_EQ(keeper.now(start, noon).utc, noon);
}

TEST(Timekeeper, KnowsNoTimeUntilSomebodyTells) {
    EXPECT_EQ(Timekeeper(release).now(start, std::nullopt).utc, std::nullopt);
}

TEST(Timekeeper, CountsOnFromTheCentralSystemsWord) {
    Timekeeper keeper(release);
    keeper.offer(noon, start);
    EXPECT_EQ(keeper.now(start + 90s, std::nullopt).utc, noon + 90s);
}

TEST(Timekeeper, DoesNotBelieveACentralSystemThatLivesIn1970) {
    Timekeeper keeper(release);
    keeper.offer(UtcTime(std::chrono::hours(5)), start);
    EXPECT_EQ(keeper.now(start, std::nullopt).utc, std::nullopt);
    keeper.offer(noon, start);
    keeper.offer(UtcTime(std::chrono::hours(5)), start + 60s);
    EXPECT_EQ(keeper.now(start + 60s, std::nullopt).utc, noon + 60s);
}

}  // namespace
}  // namespace busbar::gateway

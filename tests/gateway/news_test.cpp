// SPDX-License-Identifier: Apache-2.0
#include "gateway/news.hpp"

#include <gtest/gtest.h>

namespace busbar::gateway {
namespace {

SteadyTime at(int ms) {
    return SteadyTime(milliseconds(1'000'000 + ms));
}

TEST(Pace, LooksAtOnceWhenItHasBeenQuiet) {
    Pace pace;
    EXPECT_EQ(pace.on_change(at(0)), at(0));
}

TEST(Pace, TakesChangesUntilTheLookAsOne) {
    Pace pace;
    ASSERT_TRUE(pace.on_change(at(0)));
    EXPECT_EQ(pace.on_change(at(1)), std::nullopt);
    pace.on_looked(at(2), 150ms);
    EXPECT_EQ(pace.on_change(at(3)), at(152));
    EXPECT_EQ(pace.on_change(at(100)), std::nullopt);
}

TEST(Pace, LooksAtOnceAgainAfterTheGap) {
    Pace pace;
    ASSERT_TRUE(pace.on_change(at(0)));
    pace.on_looked(at(0), 40ms);
    EXPECT_EQ(pace.on_change(at(40)), at(40));
}

}  // namespace
}  // namespace busbar::gateway

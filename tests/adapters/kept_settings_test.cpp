// SPDX-License-Identifier: Apache-2.0
// What is written when, so that a box without registers stays at its limit.
#include "adapters/kept_settings.hpp"

#include <gtest/gtest.h>

namespace busbar::adapters {
namespace {

constexpr int current = 0;
constexpr int enable = 1;

class Keeping : public testing::Test {
  protected:
    /// Writes what is due and gives it; {-1, -1}: nothing is.
    Setting write(SteadyTime::duration at) {
        const auto job = settings.next(SteadyTime{at});
        if (!job) return {-1, -1};
        settings.written(SteadyTime{at});
        return job->setting;
    }

    KeptSettings settings{Log()};
    const Setting nothing{-1, -1};
};

TEST_F(Keeping, WritesNothingBeforeSomethingIsWanted) {
    settings.show(current, Seen::more);
    EXPECT_EQ(write(0s), nothing);
}

TEST_F(Keeping, WritesInOrderAndOnlyWhatChanges) {
    settings.want({{current, 16}, {enable, 1}}, {});
    EXPECT_EQ(write(0s), (Setting{current, 16}));
    EXPECT_FALSE(settings.in_force());
    EXPECT_EQ(write(0s), (Setting{enable, 1}));
    EXPECT_TRUE(settings.in_force());
    settings.want({{current, 10}, {enable, 1}}, {});
    EXPECT_EQ(write(1s), (Setting{current, 10}));
    EXPECT_EQ(write(1s), nothing);
}

TEST_F(Keeping, TheSwitchWaitsUntilTheCurrentWasTaken) {
    settings.want({{current, 16}, {enable, 1}}, {});
    ASSERT_TRUE(settings.next(SteadyTime{}));
    settings.refused({Errc::refused, "no"}, SteadyTime{});
    EXPECT_EQ(write(29s), nothing);
    EXPECT_TRUE(settings.take_refusal());
    EXPECT_FALSE(settings.take_refusal());
    EXPECT_EQ(write(30s), (Setting{current, 16}));
    EXPECT_EQ(write(30s), (Setting{enable, 1}));
}

TEST_F(Keeping, AnOptionalSettingThatIsRefusedHindersNothing) {
    settings.want({{current, 0, true}, {enable, 0}}, {});
    ASSERT_TRUE(settings.next(SteadyTime{}));
    settings.refused({Errc::refused, "no"}, SteadyTime{});
    EXPECT_EQ(write(0s), (Setting{enable, 0}));
    EXPECT_TRUE(settings.in_force());
    EXPECT_FALSE(settings.take_refusal());
    settings.restart();
    EXPECT_EQ(write(1s), (Setting{enable, 0}));
    EXPECT_EQ(write(1s), nothing);
}

TEST_F(Keeping, CorrectsAtMostFourTimesInThirtySecondsWhileTheBoxOffersMore) {
    settings.want({{current, 16}}, {});
    int writes = 0;
    for (int second = 0; second < 30; ++second) {
        if (write(seconds(second)) != nothing) ++writes;
        settings.show(current, Seen::more);
    }
    EXPECT_EQ(writes, 4);
    EXPECT_EQ(write(31s), (Setting{current, 16}));
}

TEST_F(Keeping, GivesUpAfterThreeCorrectionsWhereTheBoxOnlyOffersLess) {
    settings.want({{current, 16}}, {});
    int writes = 0;
    for (int minute = 0; minute < 10; ++minute) {
        if (write(std::chrono::minutes(minute)) != nothing) ++writes;
        settings.show(current, Seen::less);
    }
    EXPECT_EQ(writes, 4);
    settings.show(current, Seen::as_wanted);
    settings.show(current, Seen::less);
    EXPECT_EQ(write(11min), (Setting{current, 16}));
}

TEST_F(Keeping, WritesAllAgainAfterAnOutage) {
    settings.want({{enable, 0}}, {});
    EXPECT_EQ(write(0s), (Setting{enable, 0}));
    settings.restart();
    EXPECT_FALSE(settings.in_force());
    EXPECT_EQ(write(1s), (Setting{enable, 0}));
}

TEST_F(Keeping, TheCauseTravelsWithTheFirstWritesOnly) {
    settings.want({{current, 16}, {enable, 1}}, {"msg-7"});
    EXPECT_EQ(settings.next(SteadyTime{})->cause.message_id, "msg-7");
    settings.written(SteadyTime{});
    EXPECT_EQ(settings.next(SteadyTime{})->cause.message_id, "msg-7");
    settings.written(SteadyTime{});
    settings.show(enable, Seen::less);
    EXPECT_EQ(settings.next(SteadyTime{})->cause.message_id, "");
}

}  // namespace
}  // namespace busbar::adapters

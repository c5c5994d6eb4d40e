// SPDX-License-Identifier: Apache-2.0
// The limit of one connector, and the waking of cars.
#include "ocpp/limiter.hpp"

#include <gmock/gmock.h>

#include "tests/ocpp/bench.hpp"

namespace busbar::ocpp {
namespace {

using test::now_at;
using testing::ElementsAre;
using testing::IsEmpty;

Settings settings_with(double max_current) {
    Settings settings;
    settings.max_current = Amperes(max_current);
    return settings;
}

ChargingProfile ceiling(double amperes) {
    ChargingProfile profile;
    profile.chargingProfileId = 1;
    profile.chargingSchedule.chargingSchedulePeriod = {{0, amperes, std::nullopt}};
    return profile;
}

class LimiterTest : public testing::Test {
  protected:
    LimiterTest() { transaction.start = {test::test_start, test::utc_at(test::test_start)}; }

    void install(const ChargingProfile& profile) {
        context.profiles.install(0, profile, "", test::utc_at(test::test_start), context.effects);
        context.effects.clear();
    }
    void offer(SteadyEpoch::duration at = 0s, bool hold_back = false) {
        limiter.update(context, &transaction, hold_back, now_at(at));
    }
    void pause(SteadyEpoch::duration at = 0s) { limiter.update(context, nullptr, false, now_at(at)); }
    void sees(CpState state, SteadyEpoch::duration at, bool flowing = false) {
        Reading reading;
        reading.state = state;
        limiter.observe(context, reading, flowing, now_at(at).steady);
    }
    /// The commands since the last time, as text.
    std::vector<std::string> commands() {
        std::vector<std::string> lines;
        context.release_raises();
        for (const auto& effect : std::exchange(context.effects, {})) {
            const auto* run = std::get_if<RunCommand>(&effect);
            if (run == nullptr) continue;
            last_id = run->id;
            const auto* set = std::get_if<SetLimit>(&run->command);
            lines.push_back(set == nullptr ? "wake"
                                           : std::to_string(static_cast<int>(set->limit.value() * 10)));
        }
        return lines;
    }

    Context context{settings_with(20), Saved{}};
    Transaction transaction;
    Limiter limiter{1};
    EffectId last_id = 0;
};

TEST_F(LimiterTest, BeginsWithAPauseAndCommandsOnChangeOnly) {
    pause();
    EXPECT_THAT(commands(), ElementsAre("0"));
    pause(1s);
    EXPECT_THAT(commands(), IsEmpty());
    EXPECT_FALSE(limiter.offers());
    offer(2s);
    EXPECT_THAT(commands(), ElementsAre("200"));
    offer(3s);
    EXPECT_THAT(commands(), IsEmpty());
    offer(4s, true);
    EXPECT_THAT(commands(), ElementsAre("0"));
}

TEST_F(LimiterTest, WithoutAProfileTheSmallerOfTheTwoMaximaHolds) {
    context.capabilities.max_current = Amperes(16);
    offer();
    EXPECT_THAT(commands(), ElementsAre("160"));
    context.capabilities.max_current = Amperes(63);
    offer();
    EXPECT_THAT(commands(), ElementsAre("200"));
}

TEST_F(LimiterTest, AProfileLowersAndNeverRaises) {
    install(ceiling(13.5));
    offer();
    EXPECT_THAT(commands(), ElementsAre("135"));
    install(ceiling(32));
    offer();
    EXPECT_THAT(commands(), ElementsAre("200"));
}

TEST_F(LimiterTest, TheSmallestLimitCountsAndItSaysWhose) {
    context.capabilities.max_current = Amperes(20);
    offer();
    EXPECT_EQ(limiter.limited_by(), LimitedBy::charger);
    context.capabilities.max_current = Amperes(32);
    offer();
    EXPECT_EQ(limiter.limited_by(), LimitedBy::installation);
    install(ceiling(13));
    offer();
    EXPECT_EQ(limiter.limited_by(), LimitedBy::central_system);
    context.local_limits.set(1, {false, Amperes(16)}, context.effects);
    offer();
    EXPECT_EQ(limiter.limited_by(), LimitedBy::central_system) << "a local limit raises nothing";
    EXPECT_EQ(limiter.wanted(), Amperes(13));
    context.local_limits.set(1, {false, Amperes(10)}, context.effects);
    offer();
    EXPECT_EQ(limiter.limited_by(), LimitedBy::local);
    EXPECT_EQ(limiter.demand(), Amperes(10)) << "what it gives up is left to its group";
    context.ceilings[1] = Amperes(8);
    offer();
    EXPECT_EQ(limiter.limited_by(), LimitedBy::group);
    EXPECT_EQ(limiter.wanted(), Amperes(8));
}

TEST_F(LimiterTest, ALocalPauseOffersNothingAndItsEndBringsTheLocalLimitBack) {
    context.local_limits.set(1, {true, Amperes(10)}, context.effects);
    offer();
    EXPECT_EQ(limiter.wanted(), Amperes(0));
    EXPECT_EQ(limiter.limited_by(), LimitedBy::local);
    context.local_limits.set(1, {false, Amperes(10)}, context.effects);
    offer();
    EXPECT_EQ(limiter.wanted(), Amperes(10));
}

TEST(LocalLimits, ATrialCountsBesideTheLastingLimitAndIsNeverSaved) {
    Effects effects;
    LocalLimits limits({});
    EXPECT_EQ(limits.most(1), std::nullopt);
    limits.try_out(1, Amperes(6));
    EXPECT_EQ(limits.most(1), Amperes(6));
    EXPECT_EQ(limits.most(2), std::nullopt);
    limits.set(1, {true, std::nullopt}, effects);
    EXPECT_EQ(limits.most(1), Amperes(0)) << "a trial does not end a pause";
    limits.set(1, {false, Amperes(10)}, effects);
    limits.try_out(1, Amperes(16));
    EXPECT_EQ(limits.most(1), Amperes(10));
    limits.try_out(1, std::nullopt);
    EXPECT_EQ(limits.most(1), Amperes(10));
    EXPECT_EQ(effects.size(), 2U);
}

TEST(LocalLimits, AreSavedOnceAndReadBack) {
    Effects effects;
    LocalLimits limits({});
    limits.set(2, {true, Amperes(9.5)}, effects);
    limits.set(2, {true, Amperes(9.5)}, effects);
    ASSERT_EQ(effects.size(), 1U);
    const auto record = std::get<SaveRecord>(effects.front()).record;
    const LocalLimits again({record, {"local_limit", "3", "no JSON"}, {"other", "1", "{}"}});
    EXPECT_EQ(again.of(2), (LocalLimit{true, Amperes(9.5)}));
    EXPECT_EQ(again.of(3), LocalLimit());
    EXPECT_EQ(again.of(1), LocalLimit());
}

TEST_F(LimiterTest, LessThanTheChargersMinimumIsAPause) {
    install(ceiling(5.9));
    offer();
    EXPECT_THAT(commands(), ElementsAre("0"));
    EXPECT_FALSE(limiter.offers());
    install(ceiling(6));
    offer();
    EXPECT_THAT(commands(), ElementsAre("60"));
    context.capabilities.min_current = Amperes(8);
    offer();
    EXPECT_THAT(commands(), ElementsAre("0"));
}

TEST_F(LimiterTest, WhatIsHeldBackGetsNothing) {
    offer(0s, true);
    EXPECT_THAT(commands(), ElementsAre("0"));
}

TEST_F(LimiterTest, ALimitThatIsRaisedAndLoweredInOneStepIsLoweredInTheEnd) {
    offer();
    pause();
    EXPECT_THAT(commands(), ElementsAre("0"));
    pause();
    offer();
    pause();
    offer();
    EXPECT_EQ(commands().back(), "200");
}

TEST_F(LimiterTest, KnowsWhenTheScheduleChanges) {
    ChargingProfile steps = ceiling(16);
    steps.chargingSchedule.startSchedule = test::utc_at(test::test_start);
    steps.chargingSchedule.chargingSchedulePeriod.push_back({60, 10, std::nullopt});
    install(steps);
    offer(15s);
    EXPECT_EQ(limiter.next_deadline(), test::test_start + 60s);
    EXPECT_THAT(commands(), ElementsAre("160"));
    offer(60s);
    EXPECT_THAT(commands(), ElementsAre("100"));
    EXPECT_EQ(limiter.next_deadline(), std::nullopt);
    pause(70s);
    EXPECT_EQ(limiter.next_deadline(), std::nullopt);
}

TEST_F(LimiterTest, IsAppliedOnceTheChargerHasConfirmedTheLatestCommand) {
    offer();
    commands();
    const EffectId first = last_id;
    EXPECT_EQ(limiter.applied(), std::nullopt);
    pause();
    commands();
    limiter.on_done(first, {});
    EXPECT_EQ(limiter.applied(), std::nullopt);
    limiter.on_done(last_id, Error{Errc::timeout, "no answer"});
    EXPECT_EQ(limiter.applied(), std::nullopt);
    limiter.on_done(last_id, {});
    EXPECT_EQ(limiter.applied(), Amperes(0));
}

TEST_F(LimiterTest, WakesASleepingCarTwiceAndThenLetsItBe) {
    context.capabilities.wake_up = true;
    offer();
    commands();
    sees(CpState::B2, 1s);
    sees(CpState::B2, 30s);
    EXPECT_THAT(commands(), IsEmpty());
    sees(CpState::B2, 31s);
    EXPECT_THAT(commands(), ElementsAre("wake"));
    sees(CpState::B2, 150s);
    EXPECT_THAT(commands(), IsEmpty());
    sees(CpState::B2, 151s);
    EXPECT_THAT(commands(), ElementsAre("wake"));
    sees(CpState::B2, 100'000s);
    EXPECT_THAT(commands(), IsEmpty());

    pause();
    offer();
    commands();
    sees(CpState::B2, 100'001s);
    sees(CpState::B2, 100'031s);
    EXPECT_THAT(commands(), ElementsAre("wake"));  // a new offer, a new try
}

TEST_F(LimiterTest, LeavesACarAloneThatHasCharged) {
    context.capabilities.wake_up = true;
    offer();
    sees(CpState::C2, 1s, true);
    commands();
    sees(CpState::B2, 10s);
    sees(CpState::B2, 1000s);
    EXPECT_THAT(commands(), IsEmpty());
}

TEST_F(LimiterTest, DoesNotWakeWhereNothingIsOfferedOrTheChargerCannot) {
    context.capabilities.wake_up = true;
    pause();
    commands();
    sees(CpState::B2, 1s);
    sees(CpState::B2, 1000s);
    EXPECT_THAT(commands(), IsEmpty());
    context.capabilities.wake_up = false;
    offer();
    commands();
    sees(CpState::B2, 1001s);
    sees(CpState::B2, 2000s);
    EXPECT_THAT(commands(), IsEmpty());
}

TEST_F(LimiterTest, TheTimeAsleepCountsInOnePiece) {
    context.capabilities.wake_up = true;
    offer();
    commands();
    sees(CpState::B2, 0s);
    sees(CpState::C1, 20s);
    sees(CpState::B2, 25s);
    sees(CpState::B2, 54s);
    EXPECT_THAT(commands(), IsEmpty());
    sees(CpState::B2, 55s);
    EXPECT_THAT(commands(), ElementsAre("wake"));
}

}  // namespace
}  // namespace busbar::ocpp

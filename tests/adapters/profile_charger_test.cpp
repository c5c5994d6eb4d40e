// SPDX-License-Identifier: Apache-2.0
// A box after a hand-made profile, from the first telegram through outages.
#include "adapters/profile_charger.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <tuple>

#include "charger_bench.hpp"

namespace busbar::adapters {
namespace {

using config::Access;
using config::PollClass;
using config::Table;
using test::ChargerBench;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class ProfileChargerTest : public ::testing::Test {
  protected:
    ProfileChargerTest() { test::power_up(bench.fake); }
    ChargerBench bench{test::box()};
    test::FakeRegisters& fake = bench.fake;
};

TEST_F(ProfileChargerTest, ReadsWritesTheRequiredStateAndPublishes) {
    EXPECT_THAT(bench.charger.snapshot(), IsEmpty());
    bench.poll_for(3s);
    EXPECT_EQ(bench.reading().state, CpState::A);
    EXPECT_EQ(bench.reading().energy_import->value, WattHours(65538));
    EXPECT_EQ(bench.charger.identity().firmware, "264");
    EXPECT_EQ(fake.word(1, Table::holding, 258), 4) << "standby is switched off";
    EXPECT_EQ(fake.word(1, Table::holding, 262), 0) << "failsafe current";
    EXPECT_EQ(bench.charger.capabilities().max_current, Amperes(16));
}

TEST_F(ProfileChargerTest, WritesARequiredRegisterOnlyWhenItDiffers) {
    fake.set(1, Table::holding, 258, {4});
    bench.poll_for(30s);
    EXPECT_THAT(fake.written_to(258), IsEmpty());
    fake.set(1, Table::holding, 258, {0});
    bench.poll_for(15s);
    EXPECT_THAT(fake.written_to(258), ElementsAre(Words{4})) << "checked again every slow interval";
}

TEST_F(ProfileChargerTest, PutsTheFailsafeCurrentWithinWhatTheInstallationAllows) {
    Placement placement;
    placement.installation.failsafe_current = Amperes(13);
    placement.installation.max_current = Amperes(10.55);
    ChargerBench limited(test::box(), placement);
    test::power_up(limited.fake);
    limited.poll_for(3s);
    EXPECT_EQ(limited.fake.word(1, Table::holding, 262), 105);
}

TEST_F(ProfileChargerTest, KeepsTheGapFromTheUnitsLastAnswer) {
    ASSERT_TRUE(bench.limit(6));
    bench.poll_for(20s);
    for (std::size_t i = 1; i < fake.journal.size(); ++i) {
        EXPECT_GE(fake.journal[i].at - fake.journal[i - 1].at, 120ms)
            << "20 ms exchange and 100 ms gap, exchange " << i;
    }
}

TEST_F(ProfileChargerTest, ReadsFastRegistersEachCycleAndSlowOnesEverySlowInterval) {
    bench.poll_for(5s);
    const auto fast = fake.reads_of(5);
    const auto slow = fake.reads_of(17);
    const auto once = fake.reads_of(100);
    bench.poll_for(20s);
    EXPECT_NEAR(fake.reads_of(5) - fast, 20, 1);
    EXPECT_NEAR(fake.reads_of(17) - slow, 2, 1);
    EXPECT_EQ(fake.reads_of(100), once);
}

TEST_F(ProfileChargerTest, WritesNothingToTheLimitBeforeItIsToldOne) {
    bench.poll_for(30s);
    EXPECT_THAT(fake.written_to(261), IsEmpty());
}

TEST_F(ProfileChargerTest, HasTheFirstLimitInForceBeforeItPublishes) {
    fake.silent = true;
    EXPECT_FALSE(bench.limit(0));
    bench.poll_for(20s);
    EXPECT_EQ(bench.cycles, 0);
    fake.silent = false;
    bench.poll_for(20s);
    EXPECT_GT(bench.cycles, 0);
    EXPECT_EQ(bench.limit_at_first_cycle, 0);
}

TEST_F(ProfileChargerTest, CarriesTheCauseOfALimitToItsExchanges) {
    bench.poll_for(2s);
    bench.causes.clear();
    ASSERT_TRUE(bench.limit(10, "message-7"));
    EXPECT_THAT(bench.causes, ElementsAre("message-7"));
    bench.causes.clear();
    bench.poll_for(2s);
    EXPECT_THAT(bench.causes, ::testing::Each(std::string()));
}

TEST_F(ProfileChargerTest, RoundsALimitDownAndPausesBelowTheMinimum) {
    for (const auto& [wanted, written] : {std::pair(13.79, 137), std::pair(32.0, 160), std::pair(6.0, 60),
                                          std::pair(5.99, 0), std::pair(0.0, 0)}) {
        ASSERT_TRUE(bench.limit(wanted));
        EXPECT_EQ(fake.word(1, Table::holding, 261), written) << wanted;
    }
}

TEST_F(ProfileChargerTest, WritesALimitOnceAndThenOnlyWhenItChanges) {
    ASSERT_TRUE(bench.limit(10));
    bench.poll_for(60s);
    ASSERT_TRUE(bench.limit(10));
    EXPECT_THAT(fake.written_to(261), SizeIs(1));
    ASSERT_TRUE(bench.limit(11));
    EXPECT_THAT(fake.written_to(261), ElementsAre(Words{100}, Words{110}));
}

TEST_F(ProfileChargerTest, CorrectsALimitThatTheBoxLost) {
    ASSERT_TRUE(bench.limit(10));
    bench.poll_for(5s);
    fake.set(1, Table::holding, 261, {160});
    bench.poll_for(15s);
    EXPECT_EQ(fake.word(1, Table::holding, 261), 100);
    EXPECT_EQ(bench.told("limit_not_kept"), 0);
}

TEST_F(ProfileChargerTest, WritesAtMostFourTimesInThirtySecondsWhenTheBoxOffersMore) {
    fake.ignores_writes_at = {261};
    bench.execute(SetLimit{1, Amperes(10)});
    bench.poll_for(300s);
    const auto writes = fake.writes();
    std::vector<SteadyTime> times;
    for (const auto& entry : writes) {
        if (entry.span.address == 261) times.push_back(entry.at);
    }
    EXPECT_GT(times.size(), 10U) << "it offers more than it should: go on";
    for (std::size_t i = 4; i < times.size(); ++i) EXPECT_GT(times[i] - times[i - 4], 30s);
    EXPECT_EQ(bench.told("limit_not_kept"), 1);
}

TEST_F(ProfileChargerTest, GivesWayToABoxThatKeepsALowerLimit) {
    fake.set(1, Table::holding, 261, {80});
    fake.ignores_writes_at = {261};
    bench.execute(SetLimit{1, Amperes(10)});
    bench.poll_for(300s);
    EXPECT_THAT(fake.written_to(261), SizeIs(4)) << "the command and three corrections";
}

TEST_F(ProfileChargerTest, NarrowsTheMaximumToWhatTheHardwareSays) {
    fake.set(1, Table::input, 100, {13});
    ASSERT_TRUE(bench.limit(16));
    EXPECT_EQ(fake.word(1, Table::holding, 261), 130);
    EXPECT_EQ(bench.charger.capabilities().max_current, Amperes(13));
}

TEST_F(ProfileChargerTest, SaysWhenTheBoxRefusesALimitAndGoesOnReading) {
    fake.refuses_writes_at = {{261, 4}};
    const auto result = bench.limit(10);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, Errc::refused);
    bench.poll_for(100s);
    EXPECT_GT(bench.cycles, 90);
    EXPECT_EQ(bench.errors, 0);
    EXPECT_LE(fake.written_to(261).size(), 5U);
    EXPECT_EQ(bench.told("write_refused"), 1);
}

TEST_F(ProfileChargerTest, NeverAsksAgainForARegisterThatIsAnsweredByAnException) {
    fake.memory.erase({1, Table::holding, 258});
    bench.poll_for(10s);
    const auto asked = fake.reads_of(258);
    bench.poll_for(120s);
    EXPECT_EQ(fake.reads_of(258), asked);
    EXPECT_LE(asked, 2) << "in the merged read, then alone";
    EXPECT_THAT(fake.written_to(258), SizeIs(1)) << "blindly, as it cannot be read";
    EXPECT_GT(fake.reads_of(259), 10) << "its neighbours are";
    EXPECT_EQ(bench.told("register_missing"), 1);
    EXPECT_EQ(bench.errors, 0);
}

TEST_F(ProfileChargerTest, FindsTheRegisterThatMakesABoxCloseTheConnection) {
    fake.hangs_up_at = {18};
    bench.poll_for(20s);
    const auto asked = fake.reads_of(18);
    EXPECT_LE(asked, 2);
    bench.poll_for(120s);
    EXPECT_EQ(fake.reads_of(18), asked);
    EXPECT_EQ(bench.reading().state, CpState::A);
}

TEST_F(ProfileChargerTest, ReadsOneByOneWhenABlockIsTooLongForTheBox) {
    fake.longest_read = 2;
    bench.poll_for(10s);
    EXPECT_EQ(bench.told("register_missing"), 0);
    EXPECT_EQ(bench.reading().state, CpState::A);
    EXPECT_TRUE(bench.reading().current[2]);
}

TEST_F(ProfileChargerTest, RepeatsAnExchangeBeforeItCountsAsFailed) {
    bench.poll_for(5s);
    fake.lose_next = 1;
    bench.poll_for(5s);
    EXPECT_EQ(bench.errors, 0);
    fake.lose_next = 2;
    bench.poll_for(5s);
    EXPECT_EQ(bench.errors, 1);
    EXPECT_THAT(bench.last_error.detail, ::testing::HasSubstr("unit 1 "));
}

TEST_F(ProfileChargerTest, LeavesALateUnitAloneUntilItsAnswerCannotBeTakenForAnother) {
    bench.poll_for(20s);
    fake.journal.clear();
    fake.lose_next = 1;
    ASSERT_TRUE(bench.execute(Refresh{1}));
    ASSERT_GE(fake.journal.size(), 3U);
    const auto& [lost, repeated, next] = std::tie(fake.journal[0], fake.journal[1], fake.journal[2]);
    EXPECT_EQ(lost.span, repeated.span);
    EXPECT_LE(repeated.at - lost.at, 510ms) << "the same request may be repeated at once";
    EXPECT_NE(next.span, repeated.span);
    EXPECT_GE(next.at - repeated.at, 500ms);
}

TEST_F(ProfileChargerTest, DoesNotWaitForALateAnswerThatCarriesItsNumber) {
    fake.numbered = true;
    bench.poll_for(20s);
    fake.journal.clear();
    fake.lose_next = 1;
    ASSERT_TRUE(bench.execute(Refresh{1}));
    EXPECT_LE(fake.journal[2].at - fake.journal[1].at, 150ms);
}

TEST_F(ProfileChargerTest, BringsABoxThatCameBackIntoTheWantedState) {
    ASSERT_TRUE(bench.limit(10));
    bench.poll_for(5s);
    fake.silent = true;
    bench.poll_for(20s);
    const auto before = bench.cycles;
    const auto seen = bench.reading().taken_at;
    test::power_up(fake);
    fake.set(1, Table::input, 100, {12});
    fake.silent = false;
    bench.poll_for(5s);
    EXPECT_GT(bench.cycles, before);
    EXPECT_GT(bench.reading().taken_at, seen);
    EXPECT_EQ(fake.word(1, Table::holding, 258), 4);
    EXPECT_EQ(fake.word(1, Table::holding, 261), 100);
    EXPECT_EQ(bench.charger.capabilities().max_current, Amperes(12)) << "it may be another box";
}

TEST_F(ProfileChargerTest, AsksASilentBoxForItsStateOnly) {
    fake.silent = true;
    bench.poll_for(60s);
    for (const auto& entry : fake.journal) EXPECT_EQ(to_text(entry.span), "unit 1 input 5");
}

TEST_F(ProfileChargerTest, RefreshReadsEverythingAnew) {
    bench.poll_for(3500ms);
    fake.set(1, Table::input, 17, {0, 500});
    const auto asked = bench.now;
    ASSERT_TRUE(bench.execute(Refresh{1}, "sample"));
    EXPECT_EQ(bench.reading().energy_import->value, WattHours(500));
    EXPECT_GE(bench.reading().energy_import->taken_at, asked);
    EXPECT_GE(bench.reading().taken_at, asked);
}

TEST_F(ProfileChargerTest, WakesTheCarWithoutAFaultInBetween) {
    fake.set(1, Table::input, 5, {5});
    bench.poll_for(3s);
    const auto started = bench.charger.execute(WakeUp{1}, {}, bench.now);
    ASSERT_TRUE(started);
    EXPECT_FALSE(started->done);
    fake.set(1, Table::input, 5, {10});
    bench.poll_for(2s);
    EXPECT_EQ(bench.reading().state, CpState::B2) << "kept while the sequence runs";
    EXPECT_EQ(fake.word(1, Table::holding, 259), 0) << "waits between its steps while others are polled";
    ASSERT_TRUE(bench.execute(WakeUp{1}));
    EXPECT_EQ(fake.word(1, Table::holding, 259), 1);
    bench.poll_for(2s);
    EXPECT_EQ(bench.reading().state, CpState::B2);
    bench.poll_for(16s);
    EXPECT_EQ(bench.reading().state, CpState::F) << "the grace is over";
    EXPECT_THAT(fake.written_to(259), ElementsAre(Words{0}, Words{1}));
}

TEST_F(ProfileChargerTest, SaysWhatItCannotDo) {
    EXPECT_EQ(bench.execute(Reboot{}).error().code, Errc::unsupported);
    EXPECT_FALSE(bench.charger.capabilities().reboot);
    EXPECT_TRUE(bench.charger.capabilities().wake_up);
}

TEST_F(ProfileChargerTest, FollowsTheNewestLimitWhenTheOlderIsDroppedInTheMiddle) {
    const auto first = bench.charger.execute(SetLimit{1, Amperes(16)}, {}, bench.now);
    ASSERT_TRUE(first);
    ASSERT_TRUE(bench.limit(7));
    EXPECT_EQ(fake.word(1, Table::holding, 261), 70);
    EXPECT_THAT(fake.written_to(261), ElementsAre(Words{70}));
}

}  // namespace
}  // namespace busbar::adapters

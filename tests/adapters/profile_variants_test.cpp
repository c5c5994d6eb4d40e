// SPDX-License-Identifier: Apache-2.0
// What other profiles make of the same driver: meters, watchdogs, recovery, variants, pauses after
// connecting.
#include <gmock/gmock.h>

#include <algorithm>
#include <tuple>

#include "adapters/profile_charger.hpp"
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

TEST(ProfileCharger, PollsAMeterWithoutStateOrLimit) {
    ChargerBench bench(test::meter());
    bench.fake.set(1, Table::input, 0x34, {0x4366, 0x8000});
    bench.fake.set(1, Table::input, 0x48, {0x3FC0, 0x0000});
    bench.poll_for(3s);
    EXPECT_EQ(bench.reading().state, CpState::unknown);
    EXPECT_EQ(bench.reading().power->value, Watts(230.5));
    EXPECT_EQ(bench.reading().energy_import->value, WattHours(1500));
    EXPECT_EQ(bench.limit(6).error().code, Errc::unsupported);
    ASSERT_TRUE(bench.execute(Refresh{1}));
}

TEST(ProfileCharger, StaysSilentOnAMeterThatIsGone) {
    ChargerBench bench(test::meter());
    bench.fake.silent = true;
    bench.poll_for(60s);
    EXPECT_EQ(bench.cycles, 0);
    EXPECT_GT(bench.errors, 10);
}

TEST(ProfileCharger, GivesTokensInTurnBeforeThePeriodIsOver) {
    auto profile = test::box();
    auto alive = test::reg("alive", Table::holding, 6000, PollClass::fast);
    alive.access = Access::write;
    test::add(profile, alive);
    profile.watchdog = {"alive", {1, 2}, 5s, {}};
    ChargerBench bench(std::move(profile));
    test::power_up(bench.fake);
    bench.poll_for(30s);
    const auto tokens = bench.fake.written_to(6000);
    ASSERT_GE(tokens.size(), 6U);
    EXPECT_EQ(tokens[0], Words{1});
    EXPECT_EQ(tokens[1], Words{2});
    SteadyTime last{};
    for (const auto& entry : bench.fake.writes()) {
        if (entry.span.address != 6000) continue;
        EXPECT_TRUE(last == SteadyTime{} || entry.at - last <= 5s);
        last = entry.at;
    }
}

TEST(ProfileCharger, PollsOftenEnoughForAWatchdogThatAnyExchangeFeeds) {
    auto profile = test::box();
    profile.watchdog = {"", {}, 4s, {}};
    Placement placement;
    placement.poll_interval = 30s;
    ChargerBench bench(std::move(profile), placement);
    test::power_up(bench.fake);
    bench.poll_for(60s);
    for (std::size_t i = 1; i < bench.fake.journal.size(); ++i) {
        EXPECT_LE(bench.fake.journal[i].at - bench.fake.journal[i - 1].at, 4s);
    }
}

TEST(ProfileCharger, RunsTheRecoverySequenceAfterAnOutageBeforeAnythingElseIsWritten) {
    auto profile = test::box();
    profile.sequences["recovery"] = {config::WriteStep{"watchdog", 15000}, config::WaitStep{2s}};
    ChargerBench bench(std::move(profile));
    test::power_up(bench.fake);
    ASSERT_TRUE(bench.limit(10));
    bench.poll_for(3s);
    EXPECT_THAT(bench.fake.written_to(257), IsEmpty()) << "a start is no outage";
    bench.fake.silent = true;
    bench.poll_for(10s);
    bench.fake.journal.clear();
    test::power_up(bench.fake);
    bench.fake.silent = false;
    bench.poll_for(6s);
    const auto writes = bench.fake.writes();
    ASSERT_GE(writes.size(), 3U);
    EXPECT_EQ(writes[0].span.address, 257);
    EXPECT_EQ(writes[1].span.address, 258);
    EXPECT_GE(writes[1].at - writes[0].at, 2s);
}

TEST(ProfileCharger, DoesNotReadARegisterOfAnotherVariant) {
    auto profile = test::box();
    config::Condition newer;
    newer.reg = "layout";
    newer.at_least = 0x0109;
    profile.registers.at("standby").when = {newer};
    ChargerBench bench(std::move(profile));
    test::power_up(bench.fake);
    bench.poll_for(30s);
    EXPECT_EQ(bench.fake.reads_of(258), 0);
    EXPECT_THAT(bench.fake.written_to(258), IsEmpty());
    EXPECT_EQ(bench.errors, 0);
}

TEST(ProfileCharger, WaitsAfterConnecting) {
    auto profile = test::box();
    profile.pacing.delay_after_connect = 700ms;
    ChargerBench bench(std::move(profile));
    test::power_up(bench.fake);
    bench.fake.opened_at = bench.now;
    bench.poll_for(3s);
    EXPECT_EQ(bench.fake.journal.front().at, SteadyTime(1000s) + 700ms);
}

TEST(ProfileCharger, GoesOnReadingABoxThatNeverAnswersItsLimit) {
    auto profile = test::box();
    profile.registers.at("limit").access = Access::write;
    profile.limit->read_back = false;
    ChargerBench bench(std::move(profile));
    test::power_up(bench.fake);
    bench.fake.silent_at = {261};
    EXPECT_FALSE(bench.limit(10));
    bench.poll_for(120s);
    EXPECT_GT(bench.cycles, 50);
}

}  // namespace
}  // namespace busbar::adapters

// SPDX-License-Identifier: Apache-2.0
// Limits in every dress: a switch beside them, several registers, watts, EEPROM, keep-alive.
#include "adapters/limit_writer.hpp"

#include <gmock/gmock.h>

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

/// The box with a switch at coil 20000 and no pause value.
config::Profile box_with_switch() {
    auto profile = test::box();
    auto enable = test::reg("enable", Table::coil, 20000, PollClass::slow);
    enable.access = Access::read_write;
    test::add(profile, enable);
    profile.enable = config::Enable{"enable", 1, 0};
    profile.limit->pause_value.reset();
    return profile;
}

std::vector<std::pair<int, int>> limit_writes(const test::FakeRegisters& fake) {
    std::vector<std::pair<int, int>> found;
    for (const auto& entry : fake.writes()) {
        if (entry.span.address == 261 || entry.span.address == 20000) {
            found.emplace_back(entry.span.address, entry.words.front());
        }
    }
    return found;
}

TEST(LimitWriter, SwitchesOffToPauseAndOnOnlyAboveTheNewLimit) {
    ChargerBench bench(box_with_switch());
    test::power_up(bench.fake);
    bench.fake.set(1, Table::coil, 20000, {1});
    ASSERT_TRUE(bench.limit(0));
    ASSERT_TRUE(bench.limit(10));
    ASSERT_TRUE(bench.limit(0));
    EXPECT_THAT(limit_writes(bench.fake), ElementsAre(std::pair(20000, 0), std::pair(261, 100),
                                                      std::pair(20000, 1), std::pair(20000, 0)));
}

TEST(LimitWriter, SwitchesOffBeforeThePauseValue) {
    auto profile = box_with_switch();
    profile.limit->pause_value = 0;
    ChargerBench bench(std::move(profile));
    test::power_up(bench.fake);
    bench.fake.set(1, Table::coil, 20000, {1});
    ASSERT_TRUE(bench.limit(0));
    EXPECT_THAT(limit_writes(bench.fake), ElementsAre(std::pair(20000, 0), std::pair(261, 0)));
}

TEST(LimitWriter, DoesNotSwitchOnAboveALimitThatWasRefused) {
    ChargerBench bench(box_with_switch());
    test::power_up(bench.fake);
    bench.fake.set(1, Table::coil, 20000, {0});
    ASSERT_TRUE(bench.limit(0));
    bench.fake.refuses_writes_at = {{261, 3}};
    EXPECT_FALSE(bench.limit(10));
    bench.poll_for(60s);
    EXPECT_EQ(bench.fake.word(1, Table::coil, 20000), 0);
}

TEST(LimitWriter, WritesEveryRegisterOfALimit) {
    auto profile = test::box();
    auto second = profile.registers.at("limit");
    second.name = "limit2";
    second.address = 270;
    test::add(profile, second);
    profile.limit->registers = {"limit", "limit2"};
    ChargerBench bench(std::move(profile));
    test::power_up(bench.fake);
    bench.fake.set(1, Table::holding, 270, {0});
    ASSERT_TRUE(bench.limit(8));
    EXPECT_EQ(bench.fake.word(1, Table::holding, 261), 80);
    EXPECT_EQ(bench.fake.word(1, Table::holding, 270), 80);
}

TEST(LimitWriter, TurnsAmperesIntoWattsOfAllPhases) {
    auto profile = test::box();
    profile.registers.at("limit").scale = 100;
    profile.limit->in_watts = true;
    profile.limit->step_a = 1;
    Placement placement;
    placement.installation.phases = 3;
    placement.installation.voltage = Volts(230);
    ChargerBench bench(std::move(profile), placement);
    test::power_up(bench.fake);
    ASSERT_TRUE(bench.limit(10));
    EXPECT_EQ(bench.fake.word(1, Table::holding, 261), 69) << "6900 W";
    ASSERT_TRUE(bench.limit(7));
    EXPECT_EQ(bench.fake.word(1, Table::holding, 261), 48) << "4830 W, never up";
}

TEST(LimitWriter, WritesAStoredRegisterOnlyWhenItDiffers) {
    auto profile = test::box();
    profile.limit->stored = true;
    ChargerBench bench(std::move(profile));
    test::power_up(bench.fake);
    bench.fake.set(1, Table::holding, 261, {100});
    ASSERT_TRUE(bench.limit(10));
    bench.poll_for(60s);
    EXPECT_THAT(bench.fake.written_to(261), IsEmpty());
    bench.fake.silent = true;
    bench.poll_for(20s);
    bench.fake.silent = false;
    bench.poll_for(10s);
    EXPECT_THAT(bench.fake.written_to(261), IsEmpty()) << "not even after an outage";
    ASSERT_TRUE(bench.limit(11));
    EXPECT_THAT(bench.fake.written_to(261), ElementsAre(Words{110}));
}

TEST(LimitWriter, SparesAStoredRegisterThatDoesNotKeepItsValue) {
    auto profile = test::box();
    profile.limit->stored = true;
    ChargerBench bench(std::move(profile));
    test::power_up(bench.fake);
    bench.fake.ignores_writes_at = {261};
    ASSERT_TRUE(bench.limit(10));
    bench.poll_for(600s);
    EXPECT_THAT(bench.fake.written_to(261), SizeIs(4));
}

TEST(LimitWriter, RewritesTheSameValueAsAKeepAlive) {
    auto profile = test::box();
    profile.limit->rewrite = 10s;
    ChargerBench bench(std::move(profile));
    test::power_up(bench.fake);
    ASSERT_TRUE(bench.limit(10));
    bench.poll_for(60s);
    const auto count = bench.fake.written_to(261).size();
    EXPECT_GE(count, 6U);
    EXPECT_LE(count, 7U);
}

TEST(LimitWriter, KeepsAFastKeepAliveWithinFifteenWritesInThirtySeconds) {
    auto profile = test::box();
    profile.limit->rewrite = 500ms;
    ChargerBench bench(std::move(profile));
    test::power_up(bench.fake);
    ASSERT_TRUE(bench.limit(10));
    bench.poll_for(30s);
    EXPECT_LE(bench.fake.written_to(261).size(), 15U);
    EXPECT_GE(bench.fake.written_to(261).size(), 12U);
}

TEST(LimitTargets, FeasibleIsRoundedDownWithinTheBounds) {
    const LimitBounds bounds{Amperes(6), Amperes(16), Amperes(0.1)};
    EXPECT_EQ(feasible(Amperes(40), bounds, Amperes(32)), Amperes(16));
    EXPECT_EQ(feasible(Amperes(40), bounds, Amperes(10)), Amperes(10));
    EXPECT_EQ(feasible(Amperes(5.9), bounds, Amperes(32)), Amperes(0));
    EXPECT_NEAR(feasible(Amperes(6.99), bounds, Amperes(32)).value(), 6.9, 1e-9);
    EXPECT_EQ(feasible(Amperes(6.99), {Amperes(6), Amperes(16), Amperes(1)}, Amperes(32)), Amperes(6));
    EXPECT_EQ(feasible(Amperes(-1), bounds, Amperes(32)), Amperes(0));
}

}  // namespace
}  // namespace busbar::adapters

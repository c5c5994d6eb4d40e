// SPDX-License-Identifier: Apache-2.0
// When a limit is written again, when a raise has to wait, and how many writes that makes.
#include <gmock/gmock.h>

#include "limit_bench.hpp"

namespace busbar::adapters {
namespace {

using config::Condition;
using config::PollClass;
using config::Table;
using test::DutyBench;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// 6 to 32 A in steps of 0.1 A; 0 pauses.
config::Profile limited() {
    config::Profile profile;
    test::add(profile, test::reg("limit", Table::holding, 1, PollClass::slow, 0.1));
    test::add(profile, test::reg("validity", Table::input, 2, PollClass::slow));
    config::Limit limit;
    limit.registers = {"limit"};
    limit.max_a = 32;
    limit.step_a = 0.1;
    limit.pause_value = 0;
    profile.limit = limit;
    return profile;
}

class LimitRules : public test::LimitBench {
  protected:
    /// The time between two writes, one after the other.
    [[nodiscard]] std::vector<SteadyEpoch::duration> intervals() const {
        std::vector<SteadyEpoch::duration> found;
        for (std::size_t i = 1; i < bench->writes.size(); ++i) {
            found.push_back(bench->writes[i].at - bench->writes[i - 1].at);
        }
        return found;
    }
};

TEST_F(LimitRules, RewritesAtLeastEachInterval) {
    auto profile = limited();
    profile.limit->rewrite = 25s;
    profile.limit->rewrite_register = "validity";
    use(profile);
    bench->read("validity", {60});
    want(10);
    bench->work_for(*writer, 51s);
    EXPECT_THAT(intervals(), ElementsAre(25s, 25s));
    EXPECT_EQ(writer->due(), bench->writes.back().at + 25s);
}

TEST_F(LimitRules, RewritesAtHalfOfTheLongestValidityTheChargerSaid) {
    auto profile = limited();
    profile.limit->rewrite = 25s;
    profile.limit->rewrite_register = "validity";
    use(profile);
    bench->read("validity", {0});
    want(10);
    bench->read("validity", {10});
    bench->work(*writer);
    bench->box = [this] { bench->read("validity", {3}); };  // what is left of it
    bench->work_for(*writer, 16s);
    EXPECT_THAT(intervals(), ElementsAre(5s, 5s, 5s));
    writer->restart();
    bench->box = {};
    bench->writes.clear();
    bench->read("validity", {6});
    bench->work_for(*writer, 7s);
    EXPECT_THAT(intervals(), ElementsAre(3s, 3s)) << "a charger that came back may be set anew";
}

TEST_F(LimitRules, NeedsNoIntervalWhereTheChargerSaysItsValidity) {
    auto profile = limited();
    profile.limit->rewrite_register = "validity";
    use(profile);
    want(10);
    EXPECT_FALSE(writer->due());
    bench->work_for(*writer, 60s);
    EXPECT_THAT(bench->writes, SizeIs(1));
    bench->read("validity", {20});
    bench->work_for(*writer, 5s);
    EXPECT_THAT(bench->writes, SizeIs(2));
}

TEST_F(LimitRules, RewritesNoMoreThanFifteenTimesInThirtySeconds) {
    auto profile = limited();
    profile.limit->rewrite_register = "validity";
    use(profile);
    bench->read("validity", {1});
    want(10);
    bench->work_for(*writer, 120s);
    EXPECT_LE(bench->busiest_half_minute(), 15U);
    EXPECT_GE(bench->busiest_half_minute(), 14U);
}

TEST_F(LimitRules, KeepsWithinTheBudgetWhileItAlsoCorrects) {
    auto profile = limited();
    profile.limit->rewrite = 2s;
    use(profile);
    want(10);
    bench->box = [this] { bench->read("limit", {320}); };  // never keeps it
    bench->work_for(*writer, 120s);
    EXPECT_LE(bench->busiest_half_minute(), 15U);
    EXPECT_GE(bench->busiest_half_minute(), 14U);
}

TEST_F(LimitRules, WritesOnceWhereNothingHasToBeRepeated) {
    use(limited());
    want(10);
    bench->work_for(*writer, 600s);
    EXPECT_THAT(bench->writes, SizeIs(1));
}

TEST_F(LimitRules, DoesNotFightAChargerThatClampsALimitButKeepsItAlive) {
    use(limited());
    want(16);
    bench->box = [this] { bench->read("limit", {130}); };
    bench->work_for(*writer, 600s);
    EXPECT_THAT(bench->writes, SizeIs(4)) << "three corrections";

    auto profile = limited();
    profile.limit->rewrite = 10s;
    use(profile);
    want(16);
    bench->box = [this] { bench->read("limit", {130}); };
    bench->work_for(*writer, 60s);
    EXPECT_GE(bench->writes.size(), 8U);
    EXPECT_GE(bench->writes.back().at, bench->now - 10s) << "the setpoint would run out";
}

TEST_F(LimitRules, CorrectsForeverWhatOffersMoreAtMostFourTimesInThirtySeconds) {
    use(limited());
    want(0);
    bench->box = [this] { bench->read("limit", {60}); };
    bench->work_for(*writer, 120s);
    EXPECT_GE(bench->writes.size(), 12U);
    EXPECT_LE(bench->busiest_half_minute(), 4U);
}

TEST_F(LimitRules, TakesAFloatThatLostDigitsForWhatWasWritten) {
    auto profile = limited();
    auto& reg = profile.registers.at("limit");
    reg.type = config::ValueType::f32;
    reg.count = 2;
    reg.scale = 1;
    use(profile);
    want(10.1);
    bench->box = [this] {
        const auto& limit = bench->profile.registers.at("limit");
        bench->read("limit", *encode(limit, 10.10005, Rounding::nearest));
    };
    bench->work_for(*writer, 60s);
    EXPECT_THAT(bench->writes, SizeIs(1));
}

TEST_F(LimitRules, JudgesADutyCycleInAmperes) {
    auto profile = limited();
    profile.registers.at("limit").conversion = config::Conversion::duty_cycle;
    use(profile);
    want(10);
    EXPECT_THAT(bench->written_to("limit"), ElementsAre(Words{166}));
    bench->box = [this] { bench->read("limit", {1000}); };  // 0 A: less than asked, though a greater number
    bench->work_for(*writer, 300s);
    EXPECT_THAT(bench->writes, SizeIs(4)) << "it offers less: three corrections";
    bench->writes.clear();
    bench->box = [this] { bench->read("limit", {266}); };
    bench->work_for(*writer, 300s);
    EXPECT_GE(bench->writes.size(), 30U) << "it offers more";
}

TEST_F(LimitRules, LetsARaiseWaitAndNeverALowerLimit) {
    auto profile = limited();
    profile.limit->raise_interval = 60s;
    use(profile);
    want(10);
    EXPECT_THAT(bench->written_to("limit"), ElementsAre(Words{100})) << "nothing was written before";
    bench->now += 5s;
    want(16);
    EXPECT_THAT(bench->writes, SizeIs(1));
    EXPECT_FALSE(writer->in_force());
    EXPECT_EQ(writer->due(), bench->writes.front().at + 60s);
    want(8);
    EXPECT_THAT(bench->written_to("limit"), ElementsAre(Words{100}, Words{80}));
    EXPECT_TRUE(writer->in_force());
    bench->now += 5s;
    want(0);
    EXPECT_THAT(bench->written_to("limit"), ElementsAre(Words{100}, Words{80}, Words{0}));
    const auto paused = bench->now;
    want(12);
    bench->work_for(*writer, 120s);
    EXPECT_THAT(bench->written_to("limit"), ElementsAre(Words{100}, Words{80}, Words{0}, Words{120}));
    EXPECT_EQ(bench->writes.back().at, paused + 60s);
}

TEST_F(LimitRules, KeepsTheOldLimitAliveWhileARaiseWaits) {
    auto profile = limited();
    profile.limit->raise_interval = 30s;
    profile.limit->rewrite = 10s;
    use(profile);
    want(10);
    bench->now += 1s;
    want(16);
    bench->work_for(*writer, 38s);
    EXPECT_THAT(bench->written_to("limit"), ElementsAre(Words{100}, Words{100}, Words{100}, Words{160}));
    EXPECT_EQ(bench->writes.back().at - bench->writes.front().at, 30s) << "rewriting is no change";
}

TEST_F(LimitRules, RaisesAllItsRegistersTogether) {
    auto profile = limited();
    profile.limit->raise_interval = 30s;
    auto second = profile.registers.at("limit");
    second.name = "second";
    second.address = 7;
    test::add(profile, second);
    profile.limit->registers = {"limit", "second"};
    use(profile);
    want(10);
    want(16);
    bench->work_for(*writer, 60s);
    EXPECT_THAT(bench->order(), ElementsAre("limit", "second", "limit", "second"));
    EXPECT_EQ(bench->writes[3].at, bench->writes[2].at);
}

TEST_F(LimitRules, WritesTheRegisterOfTheInstallationsPhases) {
    auto profile = limited();
    config::Condition three;
    three.phases = 3;
    config::Condition one;
    one.phases = 1;
    auto limit_3p = test::reg("limit_3p", Table::holding, 200, PollClass::slow, 0.001);
    limit_3p.offset = -32.768;
    limit_3p.when = {three};
    auto limit_1p = test::reg("limit_1p", Table::holding, 200, PollClass::slow, 0.001);
    limit_1p.when = {one};
    test::add(profile, limit_3p);
    test::add(profile, limit_1p);
    profile.limit->registers = {"limit_3p", "limit_1p"};
    use(profile);
    want(16);
    bench->work_for(*writer, 60s);
    EXPECT_EQ(bench->writes, (std::vector<DutyBench::Write>{{SteadyTime(1000s), "limit_3p", {0xBE80}}}));
    Installation single;
    single.phases = 1;
    use(profile, single);
    want(16);
    bench->work_for(*writer, 60s);
    EXPECT_EQ(bench->writes, (std::vector<DutyBench::Write>{{SteadyTime(1000s), "limit_1p", {0x3E80}}}));
}

TEST_F(LimitRules, RoundsDownToWhatIsAllowedAndPausesBelowIt) {
    auto profile = limited();
    profile.registers.at("limit").allowed = {0, 10, 16, 32};
    use(profile);
    want(15.9);
    want(9.9);
    EXPECT_THAT(bench->written_to("limit"), ElementsAre(Words{100}, Words{0}));
}

TEST_F(LimitRules, StaysBelowTheSmallestOfSeveralMaxima) {
    auto profile = limited();
    test::add(profile, test::reg("by_cable", Table::input, 3, PollClass::fast));
    test::add(profile, test::reg("by_switch", Table::input, 4, PollClass::once));
    profile.limit->max_registers = {"by_cable", "by_switch"};
    use(profile);
    EXPECT_EQ(writer->bounds().max, Amperes(32));
    bench->read("by_switch", {20});
    EXPECT_EQ(writer->bounds().max, Amperes(20));
    bench->read("by_cable", {13});
    EXPECT_EQ(writer->bounds().max, Amperes(13));
    bench->read("by_cable", {0});
    EXPECT_EQ(writer->bounds().max, Amperes(20)) << "0: nobody has set it";
}

TEST_F(LimitRules, PausesByTheSameWordWhateverEachRegistersOffset) {
    auto profile = limited();
    auto& one = profile.registers.at("limit");
    one.when = {Condition{}};
    one.when.front().phases = 1;
    auto three = test::reg("limit_3", Table::holding, 1, PollClass::slow, 0.1);
    three.offset = -3276.8;
    three.when = {Condition{}};
    three.when.front().phases = 3;
    test::add(profile, three);
    profile.limit->registers = {"limit", "limit_3"};
    profile.limit->pause_value.reset();
    profile.limit->pause_raw = 0;
    use(profile);
    want(0);
    want(16);
    EXPECT_THAT(bench->written_to("limit_3"), ElementsAre(Words{0}, Words{0x80A0}));
    Installation single;
    single.phases = 1;
    use(profile, single);
    want(0);
    want(16);
    EXPECT_THAT(bench->written_to("limit"), ElementsAre(Words{0}, Words{160}));
}

}  // namespace
}  // namespace busbar::adapters

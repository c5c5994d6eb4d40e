// SPDX-License-Identifier: Apache-2.0
// What is known of a limit: by our writes, by another register that says what the box holds, and not at all.
#include <gmock/gmock.h>

#include "charger_bench.hpp"
#include "limit_bench.hpp"

namespace busbar::adapters {
namespace {

using config::Access;
using config::PollClass;
using config::Table;
using test::ChargerBench;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// 6 to 32 A in steps of 0.1 A into a register that cannot be read; another says what is held.
config::Profile echoing() {
    config::Profile profile;
    auto limit = test::reg("limit", Table::holding, 1, PollClass::slow, 0.1);
    limit.access = Access::write;
    test::add(profile, limit);
    test::add(profile, test::reg("held", Table::holding, 2, PollClass::slow, 0.01));
    test::add(profile, test::reg("validity", Table::input, 3, PollClass::slow));
    profile.limit.emplace();
    profile.limit->registers = {"limit"};
    profile.limit->max_a = 32;
    profile.limit->step_a = 0.1;
    profile.limit->pause_value = 0;
    profile.limit->read_back = false;
    return profile;
}

using LimitEcho = test::LimitBench;

TEST_F(LimitEcho, WritesAgainWhenTheBoxSaysThatItHoldsAnother) {
    auto profile = echoing();
    profile.limit->read_back_register = "held";
    use(profile);
    bench->read("held", {3200});
    want(10);
    EXPECT_THAT(bench->writes, SizeIs(1)) << "what it held before the write says nothing";
    bench->now += 10s;
    bench->read("held", {1003});
    bench->work(*writer);
    EXPECT_THAT(bench->writes, SizeIs(1)) << "10.03 A is 10 A in its steps";
    bench->now += 10s;
    bench->read("held", {3200});
    bench->work(*writer);
    EXPECT_THAT(bench->written_to("limit"), ElementsAre(Words{100}, Words{100}));
}

TEST_F(LimitEcho, StaysWithinItsBudgetAgainstABoxThatKeepsMore) {
    auto profile = echoing();
    profile.limit->read_back_register = "held";
    use(profile);
    bench->box = [this] { bench->read("held", {3200}); };
    want(10);
    bench->work_for(*writer, 120s);
    EXPECT_LE(bench->busiest_half_minute(), 4U);
    EXPECT_GE(bench->writes.size(), 12U);
}

TEST_F(LimitEcho, GivesWayToABoxThatHoldsLess) {
    auto profile = echoing();
    profile.limit->read_back_register = "held";
    use(profile);
    bench->box = [this] { bench->read("held", {800}); };
    want(10);
    bench->work_for(*writer, 120s);
    EXPECT_THAT(bench->writes, SizeIs(4));
}

TEST_F(LimitEcho, RewritesOnlyWhileNothingSaysWhatIsHeld) {
    auto profile = echoing();
    profile.limit->read_back_register = "held";
    profile.limit->rewrite = 10s;
    use(profile);
    want(10);
    bench->work_for(*writer, 25s);
    EXPECT_THAT(bench->writes, SizeIs(3));
    bench->read("held", {1000});
    bench->work_for(*writer, 60s);
    EXPECT_THAT(bench->writes, SizeIs(3));
}

TEST_F(LimitEcho, WritesALimitThatTheBoxHappensToHold) {
    auto profile = echoing();
    profile.registers.at("limit").access = Access::read_write;
    profile.limit->read_back = true;
    use(profile);
    bench->read("limit", {100});
    want(10);
    EXPECT_THAT(bench->written_to("limit"), ElementsAre(Words{100})) << "somebody else may have set it";
    EXPECT_TRUE(writer->in_force());
    writer->restart();
    EXPECT_FALSE(writer->in_force());
    bench->work(*writer);
    EXPECT_THAT(bench->writes, SizeIs(2));
}

TEST_F(LimitEcho, CorrectsANewLimitAsOftenAsTheOneBefore) {
    auto profile = echoing();
    profile.registers.at("limit").access = Access::read_write;
    profile.limit->read_back = true;
    use(profile);
    bench->box = [this] { bench->read("limit", {60}); };
    want(10);
    bench->work_for(*writer, 120s);
    EXPECT_THAT(bench->writes, SizeIs(4)) << "the box keeps less, and is left alone";
    bench->now += 60s;
    want(12);
    bench->work_for(*writer, 120s);
    EXPECT_THAT(bench->writes, SizeIs(8));
}

TEST_F(LimitEcho, ForgetsTheValidityOfABoxThatWasAway) {
    auto profile = echoing();
    profile.limit->rewrite_register = "validity";
    use(profile);
    bench->read("validity", {60});
    want(10);
    writer->restart();
    bench->values.clear();
    bench->read("validity", {20});
    const auto again = bench->now;
    bench->work_for(*writer, 11s);
    ASSERT_THAT(bench->writes, SizeIs(3));
    EXPECT_EQ(bench->writes.back().at - again, 10s);
}

TEST_F(LimitEcho, IsNotInForceWhereNoRegisterTakesIt) {
    auto profile = echoing();
    test::add(profile, test::reg("layout", Table::input, 9, PollClass::once));
    profile.registers.at("limit").when = {test::is("layout", {2})};
    use(profile);
    want(10);
    EXPECT_FALSE(writer->in_force());
    EXPECT_EQ(writer->take_refusal()->code, Errc::timeout) << "not asked yet";
    bench->values.mark_missing(bench->values.span_of(bench->profile.registers.at("layout")));
    want(10);
    EXPECT_FALSE(writer->in_force());
    EXPECT_EQ(writer->take_refusal()->code, Errc::unsupported);
    EXPECT_THAT(bench->writes, IsEmpty());
    bench->read("layout", {2});
    want(10);
    EXPECT_TRUE(writer->in_force());
    EXPECT_FALSE(writer->take_refusal());
}

TEST_F(LimitEcho, IsNotInForceBeforeTheBitsBesideItAreKnown) {
    auto profile = echoing();
    profile.registers.at("limit").access = Access::read_write;
    profile.registers.at("limit").mask = 0x0FFF;
    use(profile);
    want(10);
    EXPECT_EQ(writer->take_refusal()->code, Errc::timeout);
    bench->read("limit", {0x4000});
    bench->work(*writer);
    EXPECT_THAT(bench->written_to("limit"), ElementsAre(Words{0x4064}));
    EXPECT_TRUE(writer->in_force());
}

/// The box, where the limit depends on an address that answers an exception.
config::Profile without_limit() {
    auto profile = test::box();
    profile.registers.at("limit").when = {test::is("layout", {0x0108})};
    return profile;
}

TEST(LimitWithoutRegister, IsRefusedAndToldOnce) {
    ChargerBench bench(without_limit());
    test::power_up(bench.fake);
    bench.fake.memory.erase({1, Table::input, 4});
    const auto refused = bench.limit(10);
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().detail, HasSubstr("none of the registers that take a limit"));
    bench.poll_for(30s);
    EXPECT_FALSE(bench.limit(8)) << "each time anew";
    EXPECT_EQ(bench.told("limit_without_register"), 1);
    EXPECT_THAT(bench.fake.written_to(261), IsEmpty());
    EXPECT_EQ(bench.reading().state, CpState::A) << "reading goes on";
}

TEST(LimitWithoutRegister, IsRefusedWhereTheBitsBesideItCannotBeRead) {
    auto profile = test::box();
    profile.registers.at("limit").mask = 0x0FFF;
    ChargerBench bench(std::move(profile));
    test::power_up(bench.fake);
    bench.fake.memory.erase({1, Table::holding, 261});
    const auto refused = bench.limit(10);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::unsupported);
    EXPECT_EQ(bench.told("limit_without_register"), 1);
}

TEST(LimitWithoutRegister, PausesByTheSwitchAndNeverPutsItOn) {
    auto profile = without_limit();
    auto enable = test::reg("enable", Table::coil, 20000, PollClass::slow);
    enable.access = Access::read_write;
    test::add(profile, enable);
    profile.enable = config::Enable{"enable", 1, 0};
    ChargerBench bench(std::move(profile));
    test::power_up(bench.fake);
    bench.fake.set(1, Table::coil, 20000, {1});
    bench.fake.memory.erase({1, Table::input, 4});
    EXPECT_TRUE(bench.limit(0));
    EXPECT_EQ(bench.fake.word(1, Table::coil, 20000), 0);
    EXPECT_FALSE(bench.limit(10));
    bench.poll_for(30s);
    EXPECT_EQ(bench.fake.word(1, Table::coil, 20000), 0);
}

}  // namespace
}  // namespace busbar::adapters

// SPDX-License-Identifier: Apache-2.0
// The switch beside a limit: one bit of a word, and a command that a car's coming undoes.
#include <gmock/gmock.h>

#include "limit_bench.hpp"

namespace busbar::adapters {
namespace {

using config::PollClass;
using config::Table;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

config::Profile switched() {
    config::Profile profile;
    test::add(profile, test::reg("limit", Table::holding, 1, PollClass::slow));
    auto command = test::reg("command", Table::holding, 2, PollClass::slow);
    command.access = config::Access::write;
    test::add(profile, command);
    test::add(profile, test::reg("state", Table::input, 3, PollClass::fast));
    config::Limit limit;
    limit.registers = {"limit"};
    profile.limit = limit;
    profile.enable = config::Enable{"command", 1, 2, {}, 10s};
    return profile;
}

using LimitSwitch = test::LimitBench;

TEST_F(LimitSwitch, GivesTheCommandAgainWhileTheCarWaitsForIt) {
    auto profile = switched();
    profile.enable->again_when = {test::is("state", {4})};
    use(profile);
    want(10);
    bench->read("state", {2});
    bench->work_for(*writer, 60s);
    EXPECT_THAT(bench->written_to("command"), ElementsAre(Words{1})) << "no car";
    bench->read("state", {4});
    bench->writes.clear();
    bench->work_for(*writer, 31s);
    EXPECT_THAT(bench->written_to("command"), ElementsAre(Words{1}, Words{1}, Words{1}, Words{1}));
    EXPECT_LE(bench->busiest_half_minute(), 4U);
    EXPECT_EQ(bench->writes[1].at - bench->writes[0].at, 10s);
    EXPECT_THAT(bench->written_to("limit"), IsEmpty());
    bench->read("state", {5});
    bench->writes.clear();
    bench->work_for(*writer, 60s);
    EXPECT_THAT(bench->writes, IsEmpty()) << "it charges";
}

TEST_F(LimitSwitch, DoesNotGiveTheCommandAgainWhilePaused) {
    auto profile = switched();
    profile.enable->again_when = {test::is("state", {4})};
    use(profile);
    want(0);
    bench->read("state", {4});
    bench->work_for(*writer, 60s);
    EXPECT_THAT(bench->written_to("command"), ElementsAre(Words{2}));
}

TEST_F(LimitSwitch, GivesAnImpatientCommandFourTimesInThirtySecondsAtMost) {
    auto profile = switched();
    profile.enable->again_when = {test::is("state", {4})};
    profile.enable->again_after = 1s;
    use(profile);
    want(10);
    bench->read("state", {4});
    bench->work_for(*writer, 120s);
    EXPECT_LE(bench->busiest_half_minute(), 4U);
    EXPECT_GE(bench->writes.size(), 12U);
}

config::Profile masked() {
    auto profile = switched();
    auto& command = profile.registers.at("command");
    command.access = config::Access::read_write;
    command.mask = 0x0004;
    profile.enable->off = 0;
    return profile;
}

TEST_F(LimitSwitch, TurnsItsBitOnlyOnceTheWordIsKnownAndKeepsTheOthers) {
    use(masked());
    want(10);
    EXPECT_THAT(bench->order(), ElementsAre("limit"));
    EXPECT_FALSE(writer->in_force());
    bench->read("command", {0x8001});
    bench->work(*writer);
    EXPECT_THAT(bench->written_to("command"), ElementsAre(Words{0x8005}));
    EXPECT_TRUE(writer->in_force());
    bench->read("command", {0x7006});
    bench->work_for(*writer, 60s);
    EXPECT_THAT(bench->written_to("command"), SizeIs(1)) << "only other bits have changed";
    want(0);
    EXPECT_EQ(bench->written_to("command").back(), Words{0x7002}) << "the freshest word";
}

TEST_F(LimitSwitch, PausesByTheLimitWhileTheWordIsUnknown) {
    auto profile = masked();
    profile.limit->pause_value = 0;
    use(profile);
    want(0);
    EXPECT_THAT(bench->written_to("limit"), ElementsAre(Words{0}));
    EXPECT_THAT(bench->written_to("command"), IsEmpty());
}

TEST_F(LimitSwitch, StaysOffAboveALimitThatTheRegisterCannotHold) {
    auto profile = switched();
    profile.registers.at("limit").scale = 0.0001;
    use(profile);
    want(10);
    EXPECT_THAT(bench->writes, IsEmpty());
    want(6);
    EXPECT_THAT(bench->order(), ElementsAre("limit", "command"));
}

TEST_F(LimitSwitch, SleepsWhileThePauseIsTheSwitchsWork) {
    auto profile = switched();
    profile.limit->rewrite = 10s;
    use(profile);
    want(10);
    EXPECT_TRUE(writer->due());
    want(0);
    EXPECT_FALSE(writer->due()) << "no setpoint has to be kept alive";
}

}  // namespace
}  // namespace busbar::adapters

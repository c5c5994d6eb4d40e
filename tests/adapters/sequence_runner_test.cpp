// SPDX-License-Identifier: Apache-2.0
// Lists of writes and waits, step by step.
#include "adapters/sequence_runner.hpp"

#include <gmock/gmock.h>

#include "duty_bench.hpp"

namespace busbar::adapters {
namespace {

using config::PollClass;
using config::Table;
using config::WaitStep;
using config::WaitUntilStep;
using config::WriteStep;
using test::DutyBench;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// Asks for a restart, waits until the box says that it is ready, switches it on.
config::Profile switching() {
    config::Profile profile;
    test::add(profile, test::reg("command", Table::holding, 1, PollClass::slow));
    test::add(profile, test::reg("ready", Table::input, 2, PollClass::fast));
    test::add(profile, test::reg("layout", Table::input, 3, PollClass::once));
    profile.sequences["phases_1"] = {WriteStep{"command", 5}, WaitUntilStep{{test::is("ready", {1})}, 10s},
                                     WriteStep{"command", 6}};
    return profile;
}

TEST(SequenceRunner, WaitsForValuesThatAreReadAfterTheStepBegan) {
    DutyBench bench(switching());
    SequenceRunner runner(bench.profile, bench.values);
    bench.read("ready", {1});
    bench.now += 1s;
    runner.start("phases_1", {}, bench.now);
    EXPECT_FALSE(runner.waits_for_values());
    bench.work(runner);
    EXPECT_TRUE(runner.waits_for_values());
    EXPECT_EQ(runner.awaited()->front().reg, "ready");
    EXPECT_EQ(runner.due(), bench.now + 10s);
    EXPECT_THAT(bench.written_to("command"), ElementsAre(Words{5})) << "ready was said before";
    bench.now += 1s;
    bench.read("ready", {0});
    bench.work(runner);
    EXPECT_TRUE(runner.waits_for_values());
    bench.now += 1s;
    bench.read("ready", {1});
    bench.work(runner);
    EXPECT_THAT(bench.written_to("command"), ElementsAre(Words{5}, Words{6}));
    EXPECT_FALSE(runner.running());
    EXPECT_FALSE(runner.take_error());
}

TEST(SequenceRunner, EndsWithAnErrorWhenWhatItAwaitsDoesNotCome) {
    DutyBench bench(switching());
    SequenceRunner runner(bench.profile, bench.values);
    runner.start("phases_1", {}, bench.now);
    bench.work_for(runner, 9900ms);
    EXPECT_TRUE(runner.running());
    bench.work_for(runner, 300ms);
    EXPECT_FALSE(runner.running());
    EXPECT_FALSE(runner.waits_for_values());
    const auto error = runner.take_error();
    ASSERT_TRUE(error);
    EXPECT_EQ(error->code, Errc::timeout);
    EXPECT_THAT(error->detail, HasSubstr("phases_1: what was awaited did not come within 10 s"));
    EXPECT_THAT(bench.written_to("command"), ElementsAre(Words{5}));
    EXPECT_TRUE(runner.moments(bench.now).contains("phases_1")) << "its grace begins";
}

TEST(SequenceRunner, DoesNotWaitForARegisterThatIsReadOnceToBeReadAgain) {
    auto profile = switching();
    profile.sequences["init"] = {WaitUntilStep{{test::is("layout", {2})}, 10s}, WriteStep{"command", 7}};
    DutyBench bench(profile);
    SequenceRunner runner(bench.profile, bench.values);
    bench.read("layout", {2});
    bench.now += 1s;
    runner.start("init", {}, bench.now);
    bench.work(runner);
    EXPECT_THAT(bench.written_to("command"), ElementsAre(Words{7}));
}

TEST(SequenceRunner, KeepsToItsWaits) {
    auto profile = switching();
    profile.sequences["wake_up"] = {WaitStep{1s}, WriteStep{"command", 0}, WaitStep{3s},
                                    WriteStep{"command", 1}};
    DutyBench bench(profile);
    SequenceRunner runner(bench.profile, bench.values);
    const auto begin = bench.now;
    runner.start("wake_up", {}, bench.now);
    EXPECT_EQ(runner.due(), begin + 1s);
    bench.work_for(runner, 10s);
    ASSERT_EQ(bench.writes.size(), 2U);
    EXPECT_EQ(bench.writes[0].at, begin + 1s);
    EXPECT_EQ(bench.writes[1].at, begin + 4s);
}

TEST(SequenceRunner, LeavesOutWhatThisChargerDoesNotHave) {
    auto profile = switching();
    profile.registers.at("command").when = {test::is("layout", {9})};
    profile.sequences["init"] = {WriteStep{"command", 5}};
    DutyBench bench(profile);
    SequenceRunner runner(bench.profile, bench.values);
    runner.start("init", {}, bench.now);
    bench.work(runner);
    EXPECT_THAT(bench.writes, IsEmpty());
    EXPECT_FALSE(runner.running());
    EXPECT_FALSE(runner.take_error());
}

TEST(SequenceRunner, SaysWhenAWriteCannotBeMade) {
    auto profile = switching();
    profile.registers.at("command").mask = 0x0F;
    DutyBench bench(profile);
    SequenceRunner runner(bench.profile, bench.values);
    runner.start("phases_1", {}, bench.now);
    bench.work(runner);
    EXPECT_FALSE(runner.running());
    EXPECT_THAT(runner.take_error()->detail, HasSubstr("phases_1: command must be read"));
    bench.profile.sequences["unlock"] = {WriteStep{"command", 16}};
    bench.read("command", {0xF0});
    runner.start("unlock", {}, bench.now);
    bench.work(runner);
    EXPECT_THAT(runner.take_error()->detail, HasSubstr("unlock: register command cannot hold 16"));
    EXPECT_THAT(bench.writes, IsEmpty());
}

TEST(SequenceRunner, TakesNothingThatWasReadAtTheVeryMomentTheStepBegan) {
    DutyBench bench(switching());
    SequenceRunner runner(bench.profile, bench.values);
    runner.start("phases_1", {}, bench.now);
    bench.work(runner);
    bench.read("ready", {1});
    bench.work(runner);
    EXPECT_TRUE(runner.running()) << "it may have been asked for before the write was answered";
    bench.now += 1ms;
    bench.read("ready", {1});
    bench.work(runner);
    EXPECT_FALSE(runner.running());
}

TEST(SequenceRunner, LeavesOutAStepWhoseConditionDoesNotHoldAsItsTurnComes) {
    auto profile = switching();
    const config::Conditions stuck{test::is("ready", {0})};
    profile.sequences["wake_up"] = {WaitStep{1s}, WriteStep{"command", 1, stuck}, WaitStep{5s, stuck},
                                    WaitUntilStep{{test::is("ready", {2})}, 5s, stuck},
                                    WriteStep{"command", 2}};
    DutyBench bench(profile);
    SequenceRunner runner(bench.profile, bench.values);
    bench.read("ready", {0});
    runner.start("wake_up", {}, bench.now);
    bench.now += 900ms;
    bench.read("ready", {1});
    bench.work_for(runner, 1s);
    EXPECT_THAT(bench.written_to("command"), ElementsAre(Words{2}));
    EXPECT_FALSE(runner.running());
}

TEST(SequenceRunner, EndsAWaitThatItHasBegunWhateverBecomesOfItsCondition) {
    auto profile = switching();
    profile.sequences["wake_up"] = {WaitStep{5s, {test::is("ready", {0})}}, WriteStep{"command", 2}};
    DutyBench bench(profile);
    SequenceRunner runner(bench.profile, bench.values);
    bench.read("ready", {0});
    const auto begin = bench.now;
    runner.start("wake_up", {}, bench.now);
    bench.read("ready", {1});
    bench.work_for(runner, 10s);
    ASSERT_EQ(bench.writes.size(), 1U);
    EXPECT_EQ(bench.writes[0].at, begin + 5s);
}

}  // namespace
}  // namespace busbar::adapters

// SPDX-License-Identifier: Apache-2.0
// How often a token is due where the box itself says how long it waits.
#include "adapters/watchdog_tokens.hpp"

#include <gmock/gmock.h>

#include "charger_bench.hpp"
#include "duty_bench.hpp"

namespace busbar::adapters {
namespace {

using config::PollClass;
using config::Table;
using test::DutyBench;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

config::Profile watched() {
    config::Profile profile;
    test::add(profile, test::reg("alive", Table::holding, 1, PollClass::slow));
    test::add(profile, test::reg("timeout", Table::holding, 2, PollClass::slow));
    profile.watchdog = {"alive", {1, 2}, 30s, "timeout"};
    return profile;
}

TEST(WatchdogTokens, TakesHalfOfWhatTheBoxWaitsWhenThatIsShorter) {
    DutyBench bench(watched());
    const WatchdogTokens tokens(bench.profile, bench.values, test::silent_log());
    EXPECT_EQ(tokens.period(), 30s) << "not read yet";
    bench.read("timeout", {20});
    EXPECT_EQ(tokens.period(), 10s);
    bench.read("timeout", {600});
    EXPECT_EQ(tokens.period(), 30s);
    bench.read("timeout", {0});
    EXPECT_EQ(tokens.period(), 30s) << "0: it waits for ever";
    bench.profile.watchdog.period = 0s;
    bench.read("timeout", {20});
    EXPECT_EQ(tokens.period(), 10s);
}

TEST(WatchdogTokens, FollowsAPeriodThatBecomesKnownLater) {
    DutyBench bench(watched());
    WatchdogTokens tokens(bench.profile, bench.values, test::silent_log());
    bench.work_for(tokens, 1s);
    bench.read("timeout", {10});
    bench.work_for(tokens, 10s);
    EXPECT_THAT(bench.written_to("alive"), ElementsAre(Words{1}, Words{2}, Words{1}));
    EXPECT_EQ(bench.writes[1].at - bench.writes[0].at, 4s);
}

TEST(WatchdogTokens, SetsABitOnlyWhenItsWordIsKnown) {
    auto profile = watched();
    profile.registers.at("alive").mask = 0x0100;
    profile.watchdog.values = {1};
    DutyBench bench(profile);
    WatchdogTokens tokens(bench.profile, bench.values, test::silent_log());
    bench.work_for(tokens, 1s);
    EXPECT_THAT(bench.writes, IsEmpty());
    bench.read("alive", {0x0022});
    bench.work(tokens);
    EXPECT_THAT(bench.written_to("alive"), ElementsAre(Words{0x0122}));
}

TEST(WatchdogTokens, TakesThePartOfTheWaitThatTheProfileSays) {
    auto profile = watched();
    profile.watchdog.period_fraction = 0.25;
    DutyBench bench(profile);
    const WatchdogTokens tokens(bench.profile, bench.values, test::silent_log());
    bench.read("timeout", {20});
    EXPECT_EQ(tokens.period(), 5s);
}

TEST(WatchdogTokens, ComeBeforeAnythingThatIsRequired) {
    auto profile = test::box();
    profile.watchdog = {"watchdog", {7}, 5s, {}};
    test::ChargerBench bench(std::move(profile));
    test::power_up(bench.fake);
    bench.poll_for(3s);
    const auto writes = bench.fake.writes();
    ASSERT_GE(writes.size(), 2U);
    EXPECT_EQ(writes[0].span.address, 257) << "a box that gave up on us takes nothing else";
    EXPECT_EQ(writes[1].span.address, 258);
}

}  // namespace
}  // namespace busbar::adapters

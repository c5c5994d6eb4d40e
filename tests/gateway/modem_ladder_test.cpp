// SPDX-License-Identifier: Apache-2.0
// When a modem is restarted, how hard, and when it is left alone.
#include "gateway/uplink/modem_ladder.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace busbar::gateway {
namespace {

using Step = std::optional<ModemStep>;

SteadyTime at(std::chrono::microseconds since) {
    return SteadyTime(since);
}

ModemEvidence offline() {
    return {.failing = true, .needed = true, .probe_failed = true};
}

TEST(ModemLadder, ClimbsWithPausesOfThreeFiveAndTenMinutes) {
    ModemLadder ladder(true);
    EXPECT_EQ(ladder.review(offline(), at(0s)), Step(ModemStep::reconnect));
    EXPECT_EQ(ladder.review(offline(), at(179s)), Step());
    EXPECT_EQ(ladder.review(offline(), at(180s)), Step(ModemStep::toggle));
    EXPECT_EQ(ladder.review(offline(), at(479s)), Step());
    EXPECT_EQ(ladder.review(offline(), at(480s)), Step(ModemStep::reset));
    EXPECT_EQ(ladder.review(offline(), at(1079s)), Step());
    EXPECT_EQ(ladder.review(offline(), at(1080s)), Step(ModemStep::power_cycle));
    EXPECT_EQ(ladder.taken(), (std::array<unsigned, modem_steps>{1, 1, 1, 1}));
}

TEST(ModemLadder, EndsBelowThePowerSwitchWhereThereIsNone) {
    ModemLadder ladder(false);
    for (const auto time : {0s, 180s, 480s}) EXPECT_TRUE(ladder.review(offline(), at(time)));
    EXPECT_EQ(ladder.review(offline(), at(1079s)), Step());
    EXPECT_EQ(ladder.review(offline(), at(1080s)), Step(ModemStep::reconnect)) << "10 min after the reset";
}

/// The minutes at which rounds begin while nothing helps.
std::vector<long> rounds(ModemLadder& ladder, std::chrono::minutes length) {
    std::vector<long> begun;
    for (auto time = 0min; time < length; time += 1min) {
        if (ladder.review(offline(), at(time)) == ModemStep::reconnect) begun.push_back(time.count());
    }
    return begun;
}

TEST(ModemLadder, PausesTenMinutesAfterARoundAndDoublesUpToSixHours) {
    ModemLadder ladder(true);
    const std::vector<long> expected{0, 28, 66, 124, 222, 400, 738, 1116, 1494};
    EXPECT_EQ(rounds(ladder, 1800min), expected);
}

TEST(ModemLadder, GivesAModemThreeMinutesToComeUp) {
    ModemLadder ladder(true);
    const ModemEvidence no_address{.failing = true, .needed = true};
    EXPECT_EQ(ladder.review(no_address, at(10s)), Step());
    EXPECT_EQ(ladder.review(no_address, at(189s)), Step());
    EXPECT_EQ(ladder.review(no_address, at(190s)), Step(ModemStep::reconnect));
}

TEST(ModemLadder, LeavesAStandbyAloneThatOnlyHasNoAddress) {
    ModemLadder ladder(true);
    const ModemEvidence no_address{.failing = true};
    EXPECT_EQ(ladder.review(no_address, at(0s)), Step());
    EXPECT_EQ(ladder.review(no_address, at(1h)), Step());
    EXPECT_EQ(ladder.review({.failing = true, .probe_failed = true}, at(1h)), Step(ModemStep::reconnect));
}

TEST(ModemLadder, NeverTouchesAModemThatIsNotToBlame) {
    ModemLadder ladder(true);
    ModemEvidence evidence = offline();
    evidence.neutral_answers = true;
    EXPECT_EQ(ladder.review(evidence, at(1h)), Step()) << "the central system is down";
    evidence = offline();
    evidence.lacks_coverage = true;
    EXPECT_EQ(ladder.review(evidence, at(2h)), Step()) << "no coverage";
    evidence = offline();
    evidence.waits_for_person = true;
    EXPECT_EQ(ladder.review(evidence, at(3h)), Step()) << "the SIM is locked";
    EXPECT_EQ(ladder.review({}, at(4h)), Step()) << "nothing is wrong";
}

TEST(ModemLadder, BeginsAtItsFootAfterTenMinutesOfHealthButNotAfterLess) {
    ModemLadder ladder(true);
    for (const auto time : {0s, 180s}) EXPECT_TRUE(ladder.review(offline(), at(time)));
    EXPECT_EQ(ladder.review({}, at(200s)), Step());
    EXPECT_EQ(ladder.review({}, at(799s)), Step());
    EXPECT_EQ(ladder.review(offline(), at(799s)), Step(ModemStep::reset)) << "the health did not last";
    EXPECT_EQ(ladder.review({}, at(900s)), Step());
    EXPECT_EQ(ladder.review({}, at(1500s)), Step());
    EXPECT_EQ(ladder.review(offline(), at(1501s)), Step(ModemStep::reconnect));
}

TEST(ModemLadder, CutsThePowerOfAModemThatIsGoneForTenMinutes) {
    ModemLadder ladder(true);
    ModemEvidence gone = offline();
    gone.present = false;
    EXPECT_EQ(ladder.review(gone, at(0s)), Step());
    EXPECT_EQ(ladder.review(gone, at(599s)), Step());
    EXPECT_EQ(ladder.review(gone, at(600s)), Step(ModemStep::power_cycle));
    EXPECT_EQ(ladder.review(gone, at(1199s)), Step());
}

TEST(ModemLadder, CanDoNothingForAModemThatIsGoneWithoutAPowerSwitch) {
    ModemLadder ladder(false);
    ModemEvidence gone = offline();
    gone.present = false;
    EXPECT_EQ(ladder.review(gone, at(0s)), Step());
    EXPECT_EQ(ladder.review(gone, at(24h)), Step());
}

}  // namespace
}  // namespace busbar::gateway

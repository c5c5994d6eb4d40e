// SPDX-License-Identifier: Apache-2.0
// Switching between one phase and three: never under load, never without a way back to a safe limit.
#include <gtest/gtest.h>

#include "charger_bench.hpp"

namespace busbar::adapters {
namespace {

using config::Table;
using config::WaitStep;
using config::WriteStep;
using test::ChargerBench;

constexpr int limit_address = 261;
constexpr int switch_address = 501;

config::Profile switching_box() {
    auto profile = test::box();
    auto phases = test::reg("phases", Table::holding, switch_address, config::PollClass::slow);
    phases.access = config::Access::write;
    test::add(profile, phases);
    profile.sequences["phases_1"] = {WriteStep{"phases", 1}};
    profile.sequences["phases_3"] = {WriteStep{"phases", 3}};
    return profile;
}

/// A car charges with 16 A on three phases.
class PhaseSwitching : public testing::Test {
  protected:
    explicit PhaseSwitching(config::Profile profile = switching_box()) : bench(std::move(profile)) {
        test::power_up(bench.fake);
        bench.fake.set(1, Table::holding, switch_address, {3});
        EXPECT_TRUE(bench.limit(16));
        charges(true);
        bench.poll_for(2s);
        bench.fake.journal.clear();
    }

    void charges(bool on) {
        const std::uint16_t current = on ? 160 : 0;
        bench.fake.set(1, Table::input, 5,
                       {static_cast<std::uint16_t>(on ? 7 : 4), current, current, current});
    }

    /// As the bus does it: the command first, polls while it waits. Up to `time`; empty: still under way.
    std::optional<Result<void>> switch_for(int phases, SteadyEpoch::duration time) {
        const auto until = bench.now + time;
        while (bench.now < until) {
            const auto step = bench.charger.execute(SetPhases{1, phases}, {}, bench.now);
            if (!step) return Result<void>(step.error());
            if (step->done) return Result<void>();
            if (step->at > bench.now) bench.poll_until(std::min(step->at, until));
        }
        return std::nullopt;
    }

    ChargerBench bench;
};

TEST_F(PhaseSwitching, IsWhatAChargerWithBothSequencesCan) {
    EXPECT_TRUE(bench.charger.capabilities().switch_phases);
    EXPECT_FALSE(ChargerBench(test::box()).charger.capabilities().switch_phases);
    Placement one_phase;
    one_phase.installation.phases = 1;
    EXPECT_FALSE(ChargerBench(switching_box(), one_phase).charger.capabilities().switch_phases);
}

TEST_F(PhaseSwitching, PausesFirstAndWaitsUntilNoCurrentFlows) {
    EXPECT_FALSE(switch_for(1, 20s));
    EXPECT_EQ(bench.fake.word(1, Table::holding, limit_address), 0);
    EXPECT_TRUE(bench.fake.written_to(switch_address).empty());
    charges(false);
    EXPECT_FALSE(switch_for(1, 5s)) << "it settles";
    EXPECT_EQ(bench.fake.written_to(switch_address), (std::vector<Words>{{1}}));
    const auto done = switch_for(1, 20s);
    ASSERT_TRUE(done);
    EXPECT_TRUE(*done);
    bench.poll_for(2s);
    EXPECT_EQ(bench.reading().phases, 1);
    EXPECT_EQ(bench.fake.word(1, Table::holding, limit_address), 0) << "until the next limit";
    ASSERT_TRUE(bench.limit(10));
    EXPECT_EQ(bench.fake.word(1, Table::holding, limit_address), 100);
}

TEST_F(PhaseSwitching, SettlesTenSecondsUnlessTheSequenceEndsWithAWait) {
    charges(false);
    const auto began = bench.now;
    ASSERT_TRUE(switch_for(1, 60s));
    EXPECT_GE(bench.now - began, 10s);
    EXPECT_LE(bench.now - began, 15s);
}

class PhaseSwitchingWithAWait : public PhaseSwitching {
  protected:
    PhaseSwitchingWithAWait()
        : PhaseSwitching([] {
              auto profile = switching_box();
              profile.sequences["phases_1"].emplace_back(WaitStep{3s});
              return profile;
          }()) {}
};

TEST_F(PhaseSwitchingWithAWait, DoesNotWaitTwice) {
    charges(false);
    const auto began = bench.now;
    ASSERT_TRUE(switch_for(1, 60s));
    EXPECT_GE(bench.now - began, 3s);
    EXPECT_LE(bench.now - began, 7s);
}

TEST_F(PhaseSwitching, GivesUpWhenCurrentStillFlowsAfterAMinute) {
    const auto outcome = switch_for(1, 90s);
    ASSERT_TRUE(outcome);
    ASSERT_TRUE(outcome->has_error());
    EXPECT_EQ(outcome->error().code, Errc::timeout);
    EXPECT_TRUE(bench.fake.written_to(switch_address).empty());
    EXPECT_FALSE(bench.reading().phases);
    ASSERT_TRUE(bench.limit(6));
    EXPECT_EQ(bench.fake.word(1, Table::holding, limit_address), 60);
}

TEST_F(PhaseSwitching, TellsThatTheChargerRefused) {
    charges(false);
    bench.fake.refuses_writes_at[switch_address] = 3;
    const auto outcome = switch_for(1, 60s);
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->error().code, Errc::refused);
    bench.poll_for(2s);
    EXPECT_FALSE(bench.reading().phases);
}

TEST_F(PhaseSwitching, DoesNothingWhereItIsOnThemAlready) {
    charges(false);
    ASSERT_TRUE(switch_for(1, 60s));
    ASSERT_TRUE(bench.limit(10));
    bench.fake.journal.clear();
    ASSERT_TRUE(switch_for(1, 1s));
    EXPECT_TRUE(bench.fake.writes().empty());
}

TEST_F(PhaseSwitching, ALimitIsNotRaisedWhileItGoesOn) {
    EXPECT_FALSE(switch_for(1, 2s));
    const auto step = bench.charger.execute(SetLimit{1, Amperes(16)}, {}, bench.now);
    ASSERT_TRUE(step);
    EXPECT_FALSE(step->done);
    bench.poll_for(2s);
    EXPECT_EQ(bench.fake.word(1, Table::holding, limit_address), 0);
}

TEST_F(PhaseSwitching, ABoxThatWasAwayOnOnePhaseComesBackPaused) {
    charges(false);
    ASSERT_TRUE(switch_for(1, 60s));
    ASSERT_TRUE(bench.limit(16));
    bench.fake.silent = true;
    bench.poll_for(30s);
    bench.fake.silent = false;
    bench.fake.set(1, Table::holding, limit_address, {160});
    bench.poll_for(10s);
    EXPECT_EQ(bench.fake.word(1, Table::holding, limit_address), 0);
    EXPECT_FALSE(bench.reading().phases);
}

TEST_F(PhaseSwitching, ABoxThatWasNeverSwitchedComesBackWithItsLimit) {
    bench.fake.silent = true;
    bench.poll_for(30s);
    bench.fake.silent = false;
    bench.fake.set(1, Table::holding, limit_address, {0});
    bench.poll_for(10s);
    EXPECT_EQ(bench.fake.word(1, Table::holding, limit_address), 160);
}

class PhaseSwitchingIfFitted : public PhaseSwitching {
  protected:
    PhaseSwitchingIfFitted()
        : PhaseSwitching([] {
              auto profile = switching_box();
              profile.registers.at("phases").when = {test::is("layout", {0x0200})};
              profile.sequences["phases_1"].insert(profile.sequences["phases_1"].begin(),
                                                   WriteStep{"limit", 0});
              return profile;
          }()) {}
};

TEST_F(PhaseSwitchingIfFitted, ASequenceWithNothingToSwitchOnThisUnitIsNone) {
    EXPECT_FALSE(bench.charger.capabilities().switch_phases);
    const auto outcome = switch_for(1, 5s);
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->error().code, Errc::unsupported);
    EXPECT_EQ(bench.fake.word(1, Table::holding, limit_address), 160);
}

class PhaseSwitchingInWatts : public PhaseSwitching {
  protected:
    PhaseSwitchingInWatts()
        : PhaseSwitching([] {
              auto profile = switching_box();
              profile.limit->in_watts = true;
              profile.registers.at("limit").scale = 1;
              return profile;
          }()) {}
};

TEST_F(PhaseSwitchingInWatts, WattsGoThroughThePhasesInUse) {
    EXPECT_EQ(bench.fake.word(1, Table::holding, limit_address), 11040);
    charges(false);
    ASSERT_TRUE(switch_for(1, 60s));
    ASSERT_TRUE(bench.limit(10));
    EXPECT_EQ(bench.fake.word(1, Table::holding, limit_address), 2300);
    bench.poll_for(30s);
    ASSERT_TRUE(switch_for(3, 60s));
    ASSERT_TRUE(bench.limit(10));
    EXPECT_EQ(bench.fake.word(1, Table::holding, limit_address), 6900);
}

}  // namespace
}  // namespace busbar::adapters

// SPDX-License-Identifier: Apache-2.0
// Sequences beside the other duties: what waits for what, and what never waits.
#include <gtest/gtest.h>

#include "adapters/write_guard.hpp"
#include "charger_bench.hpp"

namespace busbar::adapters {
namespace {

using config::Table;
using config::WaitStep;
using config::WaitUntilStep;
using config::WriteStep;
using test::ChargerBench;

TEST(ProfileSequences, RunsInitEachTimeTheBoxIsMetBeforeAnythingElseIsWritten) {
    auto profile = test::box();
    profile.sequences["init"] = {WriteStep{"watchdog", 5000}};
    ChargerBench bench(profile);
    test::power_up(bench.fake);
    bench.poll_for(3s);
    ASSERT_GE(bench.fake.writes().size(), 2U);
    EXPECT_EQ(bench.fake.writes().front().span.address, 257);
    bench.fake.silent = true;
    bench.poll_for(30s);
    bench.fake.silent = false;
    bench.poll_for(10s);
    EXPECT_EQ(bench.fake.written_to(257).size(), 2U);
}

TEST(ProfileSequences, GoesOnReadingWhileItWaitsForAValue) {
    auto profile = test::box();
    profile.sequences["init"] = {WriteStep{"watchdog", 5000}, WaitUntilStep{{test::is("state", {4})}, 20s},
                                 WriteStep{"unlock", 1}};
    ChargerBench bench(profile);
    test::power_up(bench.fake);
    bench.poll_for(5s);
    EXPECT_TRUE(bench.fake.written_to(259).empty());
    EXPECT_TRUE(bench.fake.written_to(258).empty());
    EXPECT_EQ(bench.cycles, 0);
    bench.fake.set(1, Table::input, 5, {4});
    bench.poll_for(3s);
    EXPECT_EQ(bench.fake.written_to(259).size(), 1U);
    EXPECT_EQ(bench.reading().state, CpState::B1);
}

TEST(ProfileSequences, TellsThatInitFailedAndGoesOn) {
    auto profile = test::box();
    profile.sequences["init"] = {WaitUntilStep{{test::is("state", {4})}, 5s}};
    ChargerBench bench(profile);
    test::power_up(bench.fake);
    bench.poll_for(10s);
    EXPECT_EQ(bench.told("sequence_failed"), 1);
    EXPECT_GE(bench.cycles, 1);
}

class DuringASequence : public testing::Test {
  protected:
    DuringASequence() {
        test::power_up(bench.fake);
        EXPECT_TRUE(bench.limit(10));
        bench.poll_for(2s);
        EXPECT_FALSE(bench.charger.execute(WakeUp{1}, {}, bench.now)->done);
        bench.poll_for(500ms);
    }

    ChargerBench bench{test::box()};
};

TEST_F(DuringASequence, ALowerLimitIsWrittenAtOnce) {
    const auto began = bench.now;
    ASSERT_TRUE(bench.limit(0));
    EXPECT_LT(bench.now - began, 500ms);
    EXPECT_EQ(bench.fake.word(1, Table::holding, 261), 0);
    EXPECT_EQ(bench.fake.written_to(259).size(), 1U);
}

TEST_F(DuringASequence, AHigherLimitWaitsForItsEnd) {
    ASSERT_TRUE(bench.limit(16));
    EXPECT_EQ(bench.fake.word(1, Table::holding, 261), 160);
    const auto writes = bench.fake.writes();
    EXPECT_EQ(writes.back().span.address, 261);
    EXPECT_EQ(bench.fake.written_to(259).size(), 2U);
}

TEST(WriteGuard, LetsPassOnlyWhatTheProfileDeclaresWritable) {
    auto profile = test::box();
    auto& limit = profile.registers.at("limit");
    const Span span{1, Table::holding, 261, 1};
    EXPECT_FALSE(refuse_write(profile, limit, span, {100}, 0.0));
    const Span state{1, Table::input, 5, 1};
    EXPECT_EQ(refuse_write(profile, profile.registers.at("state"), state, {1}, 0.0)->code, Errc::invalid);
    EXPECT_TRUE(refuse_write(profile, limit, span, {100, 0}, 0.0));
    limit.allowed = {0, 6, 10};
    EXPECT_FALSE(refuse_write(profile, limit, span, {100}, 0.0));
    EXPECT_TRUE(refuse_write(profile, limit, span, {101}, 0.0));
    profile.read_limits.forbidden = {{Table::holding, 260, 262}};
    EXPECT_TRUE(refuse_write(profile, limit, span, {100}, 0.0));
    auto stranger = limit;
    stranger.name = "stranger";
    EXPECT_TRUE(refuse_write(profile, stranger, span, {100}, 0.0));
}

TEST(WriteGuard, KeepsAForbiddenWriteFromTheWireAndTellsItOnce) {
    auto profile = test::box();
    profile.registers.at("limit").access = config::Access::read;
    ChargerBench bench(profile);
    test::power_up(bench.fake);
    EXPECT_EQ(bench.limit(10).error().code, Errc::invalid);
    bench.poll_for(120s);
    EXPECT_TRUE(bench.fake.written_to(261).empty());
    EXPECT_EQ(bench.told("write_forbidden"), 1);
}

}  // namespace
}  // namespace busbar::adapters

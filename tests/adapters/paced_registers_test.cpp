// SPDX-License-Identifier: Apache-2.0
#include "adapters/paced_registers.hpp"

#include <gtest/gtest.h>

#include "fake_registers.hpp"

namespace busbar::adapters {
namespace {

using config::Table;

class PacedRegistersTest : public testing::Test {
  protected:
    PacedRegistersTest() {
        fake.set(1, Table::holding, 0, {1});
        fake.set(2, Table::holding, 0, {2});
        fake.numbered = true;
    }

    SteadyTime now{1000s};
    test::FakeRegisters fake{now};
    config::Pacing pacing;
    const Span first{1, Table::holding, 0, 1};
    const Span second{2, Table::holding, 0, 1};
};

TEST_F(PacedRegistersTest, WaitsAfterAnotherUnitsAnswer) {
    pacing.gap = 10ms;
    pacing.unit_switch = 300ms;
    PacedRegisters line(fake, pacing);
    ASSERT_TRUE(line.read(first, {}, now));
    EXPECT_EQ(*line.ready_at(first, false), now + 10ms);
    EXPECT_EQ(*line.ready_at(second, false), now + 300ms);
}

TEST_F(PacedRegistersTest, RepeatsARequestThatOnlyWokeTheBoxWithoutCountingARetry) {
    pacing.send_twice = true;
    pacing.retries = 1;
    PacedRegisters line(fake, pacing);
    fake.silent = true;
    const auto silence = line.read(first, {}, now).error();
    EXPECT_TRUE(line.try_again(silence));  // it may be awake now
    EXPECT_TRUE(line.try_again(silence));  // the retry, which may wake it again
    EXPECT_TRUE(line.try_again(silence));
    EXPECT_FALSE(line.try_again(silence));
    EXPECT_TRUE(line.try_again(silence));  // the next exchange
}

}  // namespace
}  // namespace busbar::adapters

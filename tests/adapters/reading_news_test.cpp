// SPDX-License-Identifier: Apache-2.0
// What a charger tells before its poll cycle is complete, and what must wait for the rest of it.
#include "adapters/reading_news.hpp"

#include <gtest/gtest.h>

#include "charger_bench.hpp"

namespace busbar::adapters {
namespace {

using config::PollClass;
using config::Table;
using test::ChargerBench;

constexpr std::uint16_t no_car = 2;
constexpr std::uint16_t car = 4;
constexpr std::uint16_t offers = 5;
constexpr std::uint16_t charges = 7;

/// The state is read first, `power` with the next exchange, `ready` with the third.
config::Profile wide_box() {
    auto profile = test::box();
    test::add(profile, test::reg("power", Table::input, 30, PollClass::fast));
    test::add(profile, test::reg("ready", Table::input, 60, PollClass::fast));
    profile.measurements.power_w = {{"power"}};
    return profile;
}

/// A box that has been read, with nothing left of its last cycle.
class NewsTest : public ::testing::Test {
  protected:
    explicit NewsTest(config::Profile profile = wide_box()) : bench(std::move(profile)) {
        test::power_up(bench.fake);
        set_power(0);
        bench.fake.set(1, Table::input, 60, {0});
        bench.poll_for(12s);
        while (!next().done) {
        }
    }
    void set_state(std::uint16_t state) { bench.fake.set(1, Table::input, 5, {state}); }
    void set_power(std::uint16_t watts) { bench.fake.set(1, Table::input, 30, {watts}); }
    /// The next exchange, or the end of the cycle.
    Next next() {
        for (;;) {
            const auto exchanges = bench.fake.journal.size();
            const auto step = bench.charger.poll(bench.now);
            EXPECT_TRUE(step);
            if (!step || step->done || bench.fake.journal.size() > exchanges) return *step;
            bench.now = std::max(bench.now, step->at);
        }
    }
    Next end() {
        for (;;) {
            const auto step = next();
            EXPECT_FALSE(step.told) << "nothing is told twice";
            if (step.done) return step;
        }
    }

    ChargerBench bench;
};

TEST_F(NewsTest, AnotherStateIsToldByTheReadThatShowsIt) {
    set_state(car);
    const auto step = next();
    EXPECT_TRUE(step.told);
    EXPECT_FALSE(step.done);
    EXPECT_FALSE(step.urgent) << "what is told need not hurry";
    EXPECT_EQ(bench.reading().state, CpState::B1);
    end();
}

TEST_F(NewsTest, TheSameStateIsNoNews) {
    for (Next step{false, {}}; !step.done;) {
        step = next();
        EXPECT_FALSE(step.told || step.urgent);
    }
}

TEST_F(NewsTest, AContactorThatClosedWaitsForThePowerOfTheSameLook) {
    set_power(3680);  // of the look before it closed: nobody may take it for charging
    end();
    set_state(charges);
    set_power(0);
    EXPECT_EQ(bench.reading().power->value, Watts(3680));
    auto step = next();
    EXPECT_TRUE(step.urgent);
    EXPECT_FALSE(step.told);
    EXPECT_NE(bench.reading().state, CpState::C2);
    step = next();
    EXPECT_TRUE(step.told);
    EXPECT_EQ(bench.reading().state, CpState::C2);
    EXPECT_EQ(bench.reading().power->value, Watts(0));
    end();
}

TEST_F(NewsTest, AFaultIsToldAtOnceAndSoIsItsEnd) {
    set_state(10);
    EXPECT_TRUE(next().told);
    ASSERT_TRUE(bench.reading().fault);
    end();
    set_state(no_car);
    EXPECT_TRUE(next().told);
    EXPECT_FALSE(bench.reading().fault);
}

config::Profile box_of_two_registers() {
    auto profile = wide_box();
    auto ready = test::rule({test::is("state", {offers}), test::is("ready", {1})}, CpState::B2);
    profile.state.insert(profile.state.begin(),
                         {ready, test::rule({test::is("state", {offers})}, CpState::B1)});
    return profile;
}

class NewsOfTwoRegisters : public NewsTest {
  protected:
    NewsOfTwoRegisters() : NewsTest(box_of_two_registers()) {}
};

TEST_F(NewsOfTwoRegisters, AreNotToldFromOneOfThisLookAndOneOfTheLast) {
    set_state(offers);
    bench.fake.set(1, Table::input, 60, {1});
    for (int exchange = 1; exchange <= 2; ++exchange) {
        const auto step = next();
        EXPECT_TRUE(step.urgent) << "the rest goes first";
        EXPECT_FALSE(step.told) << "B1 it never was";
        EXPECT_EQ(bench.reading().state, CpState::A);
    }
    EXPECT_TRUE(next().told);
    EXPECT_EQ(bench.reading().state, CpState::B2);
}

TEST_F(NewsTest, NothingIsToldBeforeTheFirstLookIsComplete) {
    ChargerBench fresh(wide_box());
    test::power_up(fresh.fake);
    fresh.fake.set(1, Table::input, 30, {0});
    fresh.fake.set(1, Table::input, 60, {0});
    for (;;) {
        const auto step = fresh.charger.poll(fresh.now);
        ASSERT_TRUE(step);
        EXPECT_FALSE(step->told);
        if (step->done) break;
        EXPECT_TRUE(fresh.charger.snapshot().empty());
        fresh.now = std::max(fresh.now, step->at);
    }
}

}  // namespace
}  // namespace busbar::adapters

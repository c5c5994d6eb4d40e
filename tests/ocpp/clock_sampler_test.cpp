// SPDX-License-Identifier: Apache-2.0
#include "ocpp/clock_sampler.hpp"

#include <gtest/gtest.h>

#include "ocpp/date_time.hpp"

namespace busbar::ocpp {
namespace {

/// Steady time runs with UTC from 12:00:00 on, until a test steps the clock.
class ClockSamplerTest : public testing::Test {
  protected:
    /// "sample 12:15:00Z", "refresh", or "".
    std::string at(const std::string& time, bool fresh = true) {
        const auto utc = *parse_iso8601("2026-11-22T" + time + "Z");
        now = {SteadyTime(seconds(5000)) + (utc - *parse_iso8601("2026-11-22T12:00:00Z")) - step, utc};
        return decide(fresh);
    }
    std::string decide(bool fresh) {
        const auto decision = sampler.decide(now, interval, fresh);
        if (decision.sample) return "sample " + to_iso8601(*decision.sample).substr(11);
        return decision.refresh ? "refresh" : "";
    }
    /// Seconds from now.
    double deadline() { return std::chrono::duration<double>(*sampler.next_deadline() - now.steady).count(); }

    ClockSampler sampler;
    seconds interval{900};
    milliseconds step{0};
    Now now;
};

TEST_F(ClockSamplerTest, SamplesOnAGridThatBeginsAtMidnight) {
    EXPECT_EQ(at("12:03:10"), "");
    EXPECT_EQ(deadline(), 710);
    EXPECT_EQ(at("12:14:59.999"), "");
    EXPECT_EQ(at("12:15:00"), "sample 12:15:00.000Z");
    EXPECT_EQ(at("12:15:00"), "");
    EXPECT_EQ(deadline(), 900);
    EXPECT_EQ(at("12:30:02"), "sample 12:30:00.000Z");
}

TEST_F(ClockSamplerTest, ADayBeginsTheGridAnewWhateverTheInterval) {
    interval = seconds(50'000);
    EXPECT_EQ(at("23:59:59"), "");
    EXPECT_EQ(deadline(), 1);
}

TEST_F(ClockSamplerTest, WaitsTenSecondsForFreshValuesAndInventsNothing) {
    at("12:14:00");
    EXPECT_EQ(at("12:15:00", false), "refresh");
    EXPECT_EQ(deadline(), 10);
    EXPECT_EQ(at("12:15:05", false), "");
    EXPECT_EQ(at("12:15:10", false), "");
    EXPECT_EQ(deadline(), 890);
    EXPECT_EQ(at("12:30:00", false), "refresh");
    EXPECT_EQ(at("12:30:04", true), "sample 12:30:00.000Z");
}

TEST_F(ClockSamplerTest, WhatWasMissedForLongIsNotMadeUpFor) {
    at("12:14:00");
    EXPECT_EQ(at("13:20:00"), "");
    EXPECT_EQ(at("13:30:00"), "sample 13:30:00.000Z");
}

TEST_F(ClockSamplerTest, IntervalZeroIsOff) {
    interval = 0s;
    EXPECT_EQ(at("12:15:00"), "");
    EXPECT_FALSE(sampler.next_deadline());
}

TEST_F(ClockSamplerTest, ANewIntervalCountsAtOnce) {
    at("12:03:10");
    interval = 60s;
    EXPECT_EQ(at("12:03:20"), "");
    EXPECT_EQ(at("12:04:00"), "sample 12:04:00.000Z");
}

TEST_F(ClockSamplerTest, NothingIsDueWhileTheTimeIsUnknown) {
    at("12:14:00");
    now.utc.reset();
    EXPECT_EQ(decide(true), "");
    EXPECT_FALSE(sampler.next_deadline());
}

TEST_F(ClockSamplerTest, GoesOnFromTheNewTimeAfterTheClockWasSetBack) {
    at("12:14:00");
    step = std::chrono::hours(-2);
    EXPECT_EQ(at("10:14:00"), "");
    EXPECT_EQ(at("10:15:00"), "sample 10:15:00.000Z");
}

}  // namespace
}  // namespace busbar::ocpp

// SPDX-License-Identifier: Apache-2.0
// When samples are due, and what happens without fresh values.
#include "ocpp/meter_sampler.hpp"

#include <gtest/gtest.h>

namespace busbar::ocpp {
namespace {

using enum MeterSampler::Decision;

constexpr SteadyTime start{seconds(1000)};
constexpr seconds interval{60};

constexpr std::optional<SteadyTime> none;

MeterSampler started() {
    MeterSampler sampler;
    sampler.start(start);
    return sampler;
}

TEST(MeterSampler, SamplesOnTheGridFromTheStart) {
    MeterSampler sampler = started();
    EXPECT_EQ(sampler.decide(start + 59s, interval, start + 59s), nothing);
    EXPECT_EQ(sampler.next_deadline(interval), start + 60s);
    EXPECT_EQ(sampler.decide(start + 60s, interval, start + 60s), sample);
    EXPECT_EQ(sampler.decide(start + 60s, interval, start + 60s), nothing);
    EXPECT_EQ(sampler.decide(start + 121s, interval, start + 121s), sample);
    EXPECT_EQ(sampler.next_deadline(interval), start + 180s);  // a late one does not shift the grid
}

TEST(MeterSampler, AsksOnceForFreshValuesAndWaits) {
    MeterSampler sampler = started();
    EXPECT_EQ(sampler.decide(start + 60s, interval, none), refresh);
    EXPECT_EQ(sampler.decide(start + 61s, interval, none), nothing);
    EXPECT_EQ(sampler.next_deadline(interval), start + 70s);
    EXPECT_EQ(sampler.decide(start + 62s, interval, start + 62s), sample);
    EXPECT_EQ(sampler.next_deadline(interval), start + 120s);
}

TEST(MeterSampler, SkipsASampleThatFindsNothingFreshInTime) {
    MeterSampler sampler = started();
    EXPECT_EQ(sampler.decide(start + 60s, interval, none), refresh);
    EXPECT_EQ(sampler.decide(start + 70s, interval, none), nothing);
    EXPECT_EQ(sampler.next_deadline(interval), start + 120s);
    EXPECT_EQ(sampler.decide(start + 71s, interval, start + 71s), nothing);
    EXPECT_EQ(sampler.decide(start + 120s, interval, none), refresh);
}

TEST(MeterSampler, TheSameReadingIsNoSecondSample) {
    MeterSampler sampler = started();
    EXPECT_EQ(sampler.decide(start + 5s, 5s, none), refresh);
    const auto reading = start + 9s;
    EXPECT_EQ(sampler.decide(start + 9s, 5s, reading), sample);  // late, just before the next is due
    EXPECT_EQ(sampler.decide(start + 10s, 5s, reading), refresh);
    EXPECT_EQ(sampler.decide(start + 11s, 5s, start + 11s), sample);
}

TEST(MeterSampler, BeginsAnewAfterAGapOfWholeIntervals) {
    MeterSampler sampler = started();
    EXPECT_EQ(sampler.decide(start + 500s, interval, start + 500s), sample);
    EXPECT_EQ(sampler.decide(start + 501s, interval, start + 501s), nothing);
    EXPECT_EQ(sampler.next_deadline(interval), start + 560s);
}

TEST(MeterSampler, ANewIntervalHoldsAtOnce) {
    MeterSampler sampler = started();
    EXPECT_EQ(sampler.decide(start + 30s, 10s, start + 30s), sample);
    EXPECT_EQ(sampler.next_deadline(10s), start + 40s);
    EXPECT_EQ(sampler.decide(start + 40s, 0s, start + 40s), nothing);
    EXPECT_EQ(sampler.next_deadline(0s), std::nullopt);
}

}  // namespace
}  // namespace busbar::ocpp

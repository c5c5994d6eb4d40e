// SPDX-License-Identifier: Apache-2.0
// When samples are due, and what happens without fresh values.
#include "ocpp/meter_sampler.hpp"

#include <gtest/gtest.h>

namespace busbar::ocpp {
namespace {

using enum MeterSampler::Decision;

constexpr SteadyTime start{seconds(1000)};
constexpr seconds interval{60};

MeterSampler started() {
    MeterSampler sampler;
    sampler.start(start);
    return sampler;
}

TEST(MeterSampler, SamplesOnTheGridFromTheStart) {
    MeterSampler sampler = started();
    EXPECT_EQ(sampler.decide(start + 59s, interval, true), nothing);
    EXPECT_EQ(sampler.next_deadline(interval), start + 60s);
    EXPECT_EQ(sampler.decide(start + 60s, interval, true), sample);
    EXPECT_EQ(sampler.decide(start + 60s, interval, true), nothing);
    EXPECT_EQ(sampler.decide(start + 121s, interval, true), sample);
    EXPECT_EQ(sampler.next_deadline(interval), start + 180s);  // a late one does not shift the grid
}

TEST(MeterSampler, AsksOnceForFreshValuesAndWaits) {
    MeterSampler sampler = started();
    EXPECT_EQ(sampler.decide(start + 60s, interval, false), refresh);
    EXPECT_EQ(sampler.decide(start + 61s, interval, false), nothing);
    EXPECT_EQ(sampler.next_deadline(interval), start + 70s);
    EXPECT_EQ(sampler.decide(start + 62s, interval, true), sample);
    EXPECT_EQ(sampler.next_deadline(interval), start + 120s);
}

TEST(MeterSampler, SkipsASampleThatFindsNothingFreshInTime) {
    MeterSampler sampler = started();
    EXPECT_EQ(sampler.decide(start + 60s, interval, false), refresh);
    EXPECT_EQ(sampler.decide(start + 70s, interval, false), nothing);
    EXPECT_EQ(sampler.next_deadline(interval), start + 120s);
    EXPECT_EQ(sampler.decide(start + 71s, interval, true), nothing);
    EXPECT_EQ(sampler.decide(start + 120s, interval, false), refresh);
}

TEST(MeterSampler, BeginsAnewAfterAGapOfWholeIntervals) {
    MeterSampler sampler = started();
    EXPECT_EQ(sampler.decide(start + 500s, interval, true), sample);
    EXPECT_EQ(sampler.decide(start + 501s, interval, true), nothing);
    EXPECT_EQ(sampler.next_deadline(interval), start + 560s);
}

TEST(MeterSampler, ANewIntervalHoldsAtOnce) {
    MeterSampler sampler = started();
    EXPECT_EQ(sampler.decide(start + 30s, 10s, true), sample);
    EXPECT_EQ(sampler.next_deadline(10s), start + 40s);
    EXPECT_EQ(sampler.decide(start + 40s, 0s, true), nothing);
    EXPECT_EQ(sampler.next_deadline(0s), std::nullopt);
}

}  // namespace
}  // namespace busbar::ocpp

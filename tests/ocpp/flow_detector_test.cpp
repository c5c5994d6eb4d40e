// SPDX-License-Identifier: Apache-2.0
// When energy counts as flowing, and for how long it may pause.
#include <gtest/gtest.h>

#include "ocpp/connector_status.hpp"

namespace busbar::ocpp {
namespace {

SteadyTime at(double since_start) {
    return SteadyTime(std::chrono::round<SteadyEpoch::duration>(std::chrono::duration<double>(since_start)));
}

Reading reading_of(CpState state, std::optional<double> power = std::nullopt,
                   std::optional<double> l2 = std::nullopt) {
    Reading reading;
    reading.state = state;
    if (power) reading.power = Measured<Watts>{Watts(*power), {}};
    if (l2) reading.current = {Measured<Amperes>{}, Measured<Amperes>{Amperes(*l2), {}}, std::nullopt};
    return reading;
}

TEST(FlowDetector, PowerAbove50WThroughAClosedContactorFlows) {
    FlowDetector flow;
    flow.update(reading_of(CpState::C2, 50.1), at(0));
    EXPECT_EQ(flow.flow(at(0)), Flow::flowing);
    flow.update(reading_of(CpState::B2, 5000), at(1));
    EXPECT_EQ(flow.flow(at(1)), Flow::idle);
}

TEST(FlowDetector, TakesTenSecondsToCallAClosedContactorIdle) {
    FlowDetector flow;
    flow.update(reading_of(CpState::C2, 50), at(0));
    EXPECT_EQ(flow.next_deadline(), at(10));
    flow.update(reading_of(CpState::C2, 0), at(9));
    EXPECT_EQ(flow.flow(at(9.999)), Flow::undecided);
    EXPECT_EQ(flow.flow(at(10)), Flow::idle);

    flow.update(reading_of(CpState::C2, 60), at(11));
    EXPECT_EQ(flow.flow(at(11)), Flow::flowing);
    EXPECT_EQ(flow.next_deadline(), std::nullopt);
    flow.update(reading_of(CpState::C2, 10), at(20));
    EXPECT_EQ(flow.flow(at(29)), Flow::undecided);
    EXPECT_EQ(flow.flow(at(30)), Flow::idle);
}

TEST(FlowDetector, AnOpenContactorIsIdleAtOnce) {
    FlowDetector flow;
    flow.update(reading_of(CpState::C2, 7000), at(0));
    flow.update(reading_of(CpState::C1, 7000), at(1));
    EXPECT_EQ(flow.flow(at(1)), Flow::idle);
    EXPECT_EQ(flow.next_deadline(), std::nullopt);
}

TEST(FlowDetector, WithoutPowerAnyPhaseAboveHalfAnAmpereFlows) {
    FlowDetector flow;
    flow.update(reading_of(CpState::C2, std::nullopt, 0.51), at(0));
    EXPECT_EQ(flow.flow(at(0)), Flow::flowing);
    flow.update(reading_of(CpState::C2, std::nullopt, 0.5), at(1));
    EXPECT_EQ(flow.flow(at(1)), Flow::undecided);
    flow.update(reading_of(CpState::C2, 10, 16), at(2));
    EXPECT_EQ(flow.flow(at(2)), Flow::undecided);  // power, where there is some, decides
}

TEST(FlowDetector, WithoutAnyMeterTheChargersWordCounts) {
    FlowDetector flow;
    flow.update(reading_of(CpState::C2), at(0));
    EXPECT_EQ(flow.flow(at(1000)), Flow::flowing);
}

}  // namespace
}  // namespace busbar::ocpp

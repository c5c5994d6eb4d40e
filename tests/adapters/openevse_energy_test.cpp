// SPDX-License-Identifier: Apache-2.0
// The lifetime register of an OpenEVSE controller, session by session.
#include "adapters/openevse_energy.hpp"

#include <gmock/gmock.h>

namespace busbar::adapters {
namespace {

double lifetime(OpenEvseEnergy& energy, double session, double total, bool plugged) {
    return energy.lifetime(WattHours(session), WattHours(total), plugged).value();
}

TEST(OpenEvseEnergy, GrowsWithASessionThatIsAddedAtItsEnd) {
    OpenEvseEnergy energy;
    EXPECT_EQ(lifetime(energy, 300, 5000, false), 5000);
    EXPECT_EQ(lifetime(energy, 300, 5000, true), 5000);  // still the last car's session
    EXPECT_EQ(lifetime(energy, 0, 5000, true), 5000);
    EXPECT_EQ(lifetime(energy, 40, 5000, true), 5040);
    EXPECT_EQ(lifetime(energy, 90, 5000, true), 5090);
    EXPECT_EQ(lifetime(energy, 90, 5090, true), 5090);  // it left, but its state was read before
    EXPECT_EQ(lifetime(energy, 90, 5090, false), 5090);
}

TEST(OpenEvseEnergy, GrowsWithATotalThatIsCountedAlong) {
    OpenEvseEnergy energy;
    EXPECT_EQ(lifetime(energy, 300, 5000, false), 5000);
    EXPECT_EQ(lifetime(energy, 0, 5000, true), 5000);
    EXPECT_EQ(lifetime(energy, 40, 5040, true), 5040);
    EXPECT_EQ(lifetime(energy, 90, 5090, true), 5090);
    EXPECT_EQ(lifetime(energy, 90, 5090, false), 5090);
}

TEST(OpenEvseEnergy, MetInTheMiddleOfASessionCountsItToo) {
    OpenEvseEnergy energy;
    EXPECT_EQ(lifetime(energy, 700, 5000, true), 5700);
    EXPECT_EQ(lifetime(energy, 710, 5000, true), 5710);
    EXPECT_EQ(lifetime(energy, 710, 5710, false), 5710);
}

TEST(OpenEvseEnergy, TwoCarsBetweenTwoLooksCostNothing) {
    OpenEvseEnergy energy;
    EXPECT_EQ(lifetime(energy, 0, 5000, true), 5000);
    EXPECT_EQ(lifetime(energy, 90, 5000, true), 5090);
    EXPECT_EQ(lifetime(energy, 10, 5090, true), 5100);
}

}  // namespace
}  // namespace busbar::adapters

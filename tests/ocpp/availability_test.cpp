// SPDX-License-Identifier: Apache-2.0
#include "ocpp/availability.hpp"

#include <gtest/gtest.h>

#include "tests/ocpp/fake_store.hpp"

namespace busbar::ocpp {
namespace {

using enum AvailabilityType;
using enum AvailabilityStatus;

class AvailabilityTest : public testing::Test {
  protected:
    AvailabilityStatus change(ConnectorId id, AvailabilityType type, std::vector<ConnectorId> busy = {}) {
        const auto is_busy = [&](ConnectorId one) {
            return std::find(busy.begin(), busy.end(), one) != busy.end();
        };
        return availability.change(id, type, is_busy, effects);
    }
    std::string operative() {
        std::string yes;
        for (ConnectorId id = 0; id <= 2; ++id) yes += availability.operative(id) ? std::to_string(id) : "";
        return yes;
    }
    void restart() {
        store.commit(std::exchange(effects, {}));
        availability = Availability(2, store.load().records);
    }

    Effects effects;
    test::FakeStore store;
    Availability availability{2, {}};
};

TEST_F(AvailabilityTest, IsOperativeFromTheStart) {
    EXPECT_EQ(operative(), "012");
    EXPECT_EQ(change(1, Operative), Accepted);
    EXPECT_TRUE(effects.empty());
}

TEST_F(AvailabilityTest, OfOneConnectorChangesThatOneAlone) {
    EXPECT_EQ(change(2, Inoperative), Accepted);
    EXPECT_EQ(operative(), "01");
    EXPECT_EQ(change(2, Inoperative), Accepted);
    EXPECT_EQ(change(2, Operative), Accepted);
    EXPECT_EQ(operative(), "012");
}

TEST_F(AvailabilityTest, OfConnectorZeroChangesAll) {
    EXPECT_EQ(change(0, Inoperative), Accepted);
    EXPECT_EQ(operative(), "");
    EXPECT_EQ(change(0, Operative), Accepted);
    EXPECT_EQ(operative(), "012");
}

TEST_F(AvailabilityTest, WaitsForTheEndOfATransaction) {
    EXPECT_EQ(change(1, Inoperative, {1}), Scheduled);
    EXPECT_EQ(operative(), "012");
    EXPECT_EQ(change(1, Inoperative, {1}), Scheduled);
    availability.release(1, effects);
    EXPECT_EQ(operative(), "02");
}

TEST_F(AvailabilityTest, OfTheWholeWaitsForItsLastTransactionButTakesTheIdleAtOnce) {
    EXPECT_EQ(change(0, Inoperative, {2}), Scheduled);
    EXPECT_EQ(operative(), "02");
    availability.release(1, effects);
    EXPECT_EQ(operative(), "02");
    availability.release(2, effects);
    EXPECT_EQ(operative(), "");
}

TEST_F(AvailabilityTest, OperativeCancelsWhatWaits) {
    change(1, Inoperative, {1});
    EXPECT_EQ(change(1, Operative, {1}), Accepted);
    availability.release(1, effects);
    EXPECT_EQ(operative(), "012");
}

TEST_F(AvailabilityTest, SurvivesALossOfPowerAlsoWhereItWaits) {
    change(1, Inoperative);
    change(2, Inoperative, {2});
    restart();
    EXPECT_EQ(operative(), "02");
    availability.release(2, effects);
    restart();
    EXPECT_EQ(operative(), "0");
    change(0, Operative);
    restart();
    EXPECT_EQ(operative(), "012");
}

TEST_F(AvailabilityTest, PassesOverRecordsThatMakeNoSense) {
    availability = Availability(1, {{"availability", "7", "inoperative"}, {"availability", "1", "?"}});
    EXPECT_TRUE(availability.operative(0));
    EXPECT_TRUE(availability.operative(1));
}

}  // namespace
}  // namespace busbar::ocpp

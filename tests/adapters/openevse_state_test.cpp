// SPDX-License-Identifier: Apache-2.0
// What each state of an OpenEVSE controller, with its flags, becomes.
#include "adapters/openevse_state.hpp"

#include <gmock/gmock.h>

namespace busbar::adapters {
namespace {

Reading reading(long state, std::optional<long> flags) {
    OpenEvseFacts facts;
    facts.state = Measured<long>{state, SteadyTime{5s}};
    facts.flags = flags;
    facts.capacity = Amperes(16);
    return reading_of(facts);
}

TEST(OpenEvseState, FollowsThePilot) {
    EXPECT_EQ(reading(1, 0x0000).state, CpState::A);
    EXPECT_EQ(reading(2, 0x0100).state, CpState::B2);
    EXPECT_EQ(reading(3, 0x0140).state, CpState::C2);
    EXPECT_EQ(reading(3, 0x0100).state, CpState::C1);  // the relay is still open
    EXPECT_EQ(reading(3, std::nullopt).state, CpState::C2);
    EXPECT_EQ(reading(4, 0x0100).state, CpState::D);
    EXPECT_EQ(reading(0, 0x0000).state, CpState::unknown);
    EXPECT_EQ(reading(3, 0x0140).taken_at, SteadyTime{5s});
}

TEST(OpenEvseState, AsleepOrDisabledWithACarIsPluggedAndOffersNothing) {
    for (const long state : {0xFEL, 0xFFL}) {
        EXPECT_EQ(reading(state, 0x0100).state, CpState::B1);
        EXPECT_EQ(reading(state, 0x0000).state, CpState::A);
        EXPECT_EQ(reading(state, 0x0100).offered, Amperes(0));
    }
    EXPECT_EQ(reading(2, 0x0100).offered, Amperes(16));
}

TEST(OpenEvseState, AsleepAtALimitOfTheBoxIsFinished) {
    EXPECT_TRUE(reading(0xFE, 0x0104).finished);
    EXPECT_FALSE(reading(0xFE, 0x0100).finished);
    EXPECT_FALSE(reading(0xFE, 0x0004).finished);
}

TEST(OpenEvseState, LockedWaitsForAnAuthorisation) {
    const auto locked = reading(2, 0x0108);
    EXPECT_EQ(locked.state, CpState::B1);
    EXPECT_TRUE(locked.auth_wait);
}

TEST(OpenEvseState, FaultsCarryTheirRawCode) {
    struct Row {
        long state;
        FaultCode code;
        const char* raw;
    };
    for (const auto& [state, code, raw] :
         {Row{0x05, FaultCode::EVCommunicationError, "05"}, Row{0x06, FaultCode::GroundFailure, "06"},
          Row{0x07, FaultCode::GroundFailure, "07"}, Row{0x08, FaultCode::PowerSwitchFailure, "08"},
          Row{0x09, FaultCode::InternalError, "09"}, Row{0x0A, FaultCode::HighTemperature, "0A"},
          Row{0x0B, FaultCode::OverCurrentFailure, "0B"}, Row{0x0E, FaultCode::PowerSwitchFailure, "0E"}}) {
        const auto faulty = reading(state, 0x0102);
        ASSERT_TRUE(faulty.fault) << raw;
        EXPECT_EQ(faulty.fault->code, code) << raw;
        EXPECT_EQ(faulty.fault->vendor_code, raw);
    }
}

TEST(OpenEvseState, AFaultSaysHowOftenItTripped) {
    OpenEvseFacts facts;
    facts.state = Measured<long>{6, SteadyTime{}};
    facts.trips = {3, 0, 0};
    EXPECT_EQ(reading_of(facts).fault->text, "ground fault (GFCI) tripped, tripped 3 times in all");
}

}  // namespace
}  // namespace busbar::adapters

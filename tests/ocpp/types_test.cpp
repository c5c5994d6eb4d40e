// SPDX-License-Identifier: Apache-2.0
// Strings that are counted in characters and compared without case, enumerators as the wire spells them.
#include "ocpp/types.hpp"

#include <gtest/gtest.h>

namespace busbar::ocpp {
namespace {

TEST(CiString, KeepsTheFirstCharactersOfALongerText) {
    EXPECT_EQ(CiString<20>("12345678901234567890").str(), "12345678901234567890");
    EXPECT_EQ(CiString<20>("123456789012345678901").str(), "12345678901234567890");
    EXPECT_TRUE(CiString<20>("").empty());
}

TEST(CiString, CountsCharactersNotBytes) {
    EXPECT_EQ(CiString<3>("äöüß").str(), "äöü");
    EXPECT_EQ(CiString<2>("a\xE2\x82\xAC\xF0\x9F\x98\x80").str(), "a\xE2\x82\xAC");  // a, euro, emoji
    EXPECT_EQ(count_characters("a\xE2\x82\xAC\xF0\x9F\x98\x80"), 3U);
}

TEST(CiString, ComparesWithoutAsciiCaseOnly) {
    EXPECT_TRUE(equals_ignoring_case("HeartbeatInterval", "heartbeatINTERVAL"));
    EXPECT_FALSE(equals_ignoring_case("Heartbeat", "HeartbeatInterval"));
    EXPECT_FALSE(equals_ignoring_case("[", "{"));  // what a careless |0x20 would take for the same
}

TEST(Enumerators, AreSpeltAsOnTheWire) {
    EXPECT_EQ(name_of(ChargePointStatus::SuspendedEVSE), "SuspendedEVSE");
    EXPECT_EQ(name_of(Reason::EVDisconnected), "EVDisconnected");
    EXPECT_EQ(name_of(CallErrorCode::FormationViolation), "FormationViolation");
    EXPECT_EQ(name_of(CallErrorCode::OccurenceConstraintViolation), "OccurenceConstraintViolation");
}

}  // namespace
}  // namespace busbar::ocpp

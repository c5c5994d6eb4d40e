// SPDX-License-Identifier: Apache-2.0
// Lines, duty cycles and statuses of ABL-Sursum's first EVCC.
#include "adapters/evcc1_frame.hpp"

#include <gtest/gtest.h>

namespace busbar::adapters {
namespace {

TEST(Evcc1Frame, RequestsHaveAddressCommandAndFourDigits) {
    EXPECT_EQ(evcc1_request(1, Evcc1Command::status), "!1 02\r\n");
    EXPECT_EQ(evcc1_request(8, Evcc1Command::set_duty, 100), "!8 12 0100\r\n");
    EXPECT_EQ(evcc1_request(2, Evcc1Command::reset, 1111), "!2 00 1111\r\n");
}

TEST(Evcc1Frame, RepliesAreReadBehindNoise) {
    EXPECT_EQ(parse_evcc1_reply(">1 02 0005"), (Evcc1Reply{1, 2, "0005"}));
    EXPECT_EQ(parse_evcc1_reply("\xFE>3 27"), (Evcc1Reply{3, 27, ""}));
    EXPECT_EQ(parse_evcc1_reply(">1 01 V1.7 "), (Evcc1Reply{1, 1, "V1.7"}));
    EXPECT_EQ(parse_evcc1_reply("!1 02>1 02 0000"), (Evcc1Reply{1, 2, "0000"}));
}

TEST(Evcc1Frame, AnythingElseIsNoReply) {
    for (const std::string_view line : {"!1 02", "", ">", ">1", ">x 02 0000", ">1 xx", "CMD ERROR"}) {
        EXPECT_FALSE(parse_evcc1_reply(line)) << line;
    }
    EXPECT_FALSE(evcc1_number(""));
    EXPECT_FALSE(evcc1_number("-1"));
    EXPECT_FALSE(evcc1_number("12x"));
    EXPECT_FALSE(evcc1_number("99999999999"));
}

TEST(Evcc1Frame, TenPercentAreSixAmperes) {
    EXPECT_EQ(evcc1_duty(Amperes(6)), 100);
    EXPECT_EQ(evcc1_duty(Amperes(10)), 166);
    EXPECT_EQ(evcc1_duty(Amperes(16)), 266);
    EXPECT_EQ(evcc1_duty(Amperes(32)), 533);
    EXPECT_EQ(evcc1_duty(Amperes(51)), 850);
}

TEST(Evcc1Frame, AboveFiftyOneAmperesTheSlopeIsAnother) {
    EXPECT_EQ(evcc1_duty(Amperes(52)), 850);
    EXPECT_EQ(evcc1_duty(Amperes(52.75)), 851);
    EXPECT_EQ(evcc1_duty(Amperes(60)), 880);
    EXPECT_EQ(evcc1_duty(Amperes(80)), 960);
    EXPECT_EQ(evcc1_duty(Amperes(100)), 960);
    EXPECT_DOUBLE_EQ(evcc1_current(880).value(), 60);
    EXPECT_DOUBLE_EQ(evcc1_current(970).value(), 80);
}

TEST(Evcc1Frame, ADutyNeverOffersMoreThanTheCurrentItIsMadeFrom) {
    for (int tenths = 60; tenths <= 800; ++tenths) {
        const Amperes current(tenths / 10.0);
        EXPECT_LE(evcc1_current(evcc1_duty(current)).value(), current.value() + 1e-9) << tenths;
    }
}

TEST(Evcc1Frame, OutsideOfTheSignalledRangeNothingIsOffered) {
    EXPECT_EQ(evcc1_current(999), Amperes(0));
    EXPECT_EQ(evcc1_current(1000), Amperes(0));
    EXPECT_EQ(evcc1_current(79), Amperes(0));
    EXPECT_EQ(evcc1_current(80), Amperes(6));
    EXPECT_DOUBLE_EQ(evcc1_current(266).value(), 15.96);
}

TEST(Evcc1Frame, StatusesBecomeStatesAndFaults) {
    EXPECT_EQ(evcc1_status(0).state, CpState::A);
    EXPECT_EQ(evcc1_status(17).state, CpState::A);
    EXPECT_EQ(evcc1_status(9).state, CpState::B1);
    EXPECT_EQ(evcc1_status(13).state, CpState::B1);
    EXPECT_EQ(evcc1_status(4).state, CpState::B2);
    EXPECT_EQ(evcc1_status(5).state, CpState::C2);
    EXPECT_EQ(evcc1_status(6).state, CpState::D);
    EXPECT_EQ(evcc1_status(35).fault, (Fault{FaultCode::EVCommunicationError, "0035", "vehicle"}));
    EXPECT_EQ(evcc1_status(33).fault->code, FaultCode::OtherError);
    EXPECT_EQ(evcc1_status(37).fault->code, FaultCode::ConnectorLockFailure);
    EXPECT_EQ(evcc1_status(39).fault->code, FaultCode::OtherError);
    EXPECT_TRUE(evcc1_status(255).locked_out);
    EXPECT_EQ(evcc1_status(77).state, CpState::unknown);
}

}  // namespace
}  // namespace busbar::adapters

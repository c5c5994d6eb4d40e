// SPDX-License-Identifier: Apache-2.0
#include "adapters/heard.hpp"

#include <gmock/gmock.h>

#include <string_view>

namespace busbar::adapters {
namespace {

using ::testing::StartsWith;

Heard heard(std::string_view text) {
    Heard heard;
    heard.add(std::vector<std::uint8_t>(text.begin(), text.end()));
    return heard;
}

TEST(Heard, KnowsAMasterByItsRequestsAndWhomItAsks) {
    const auto ascii = heard("03\r\n:010300010002F9\r\n:02030001");
    EXPECT_EQ(ascii.talker(), Talker::master);
    EXPECT_THAT(to_text(ascii), StartsWith("another Modbus ASCII master, which asks unit 1 (30 bytes: "));
    const auto abl = heard(":0103002E0005C9\r\n>01030A2EA1106403E803E803E8EE\r\n");
    EXPECT_THAT(to_text(abl), StartsWith("another ABL master, which asks unit 1 "));
    const auto evcc = heard("!3 02\r\n>3 02 0000\r\n");
    EXPECT_THAT(to_text(evcc), StartsWith("another ABL EVCC master, which asks unit 3 "));
    const auto rapi = heard("$GS^30\r$OK 01 0 01 0000^30\r");
    EXPECT_EQ(rapi.talker(), Talker::master);
    EXPECT_THAT(to_text(rapi), StartsWith("another program, which asks an OpenEVSE controller "));
    EXPECT_TRUE(rapi.somebody());
}

TEST(Heard, NoiseWithADollarInItIsNoOpenevse) {
    const auto noise = heard("\xDB\x33\xDD$\x90\x12 7\r\x5E\x8D\x11\xA3$g1\r");
    EXPECT_EQ(noise.talker(), Talker::unknown);
}

TEST(Heard, AControllerThatReportsByItselfIsInNobodysWay) {
    const auto chatter = heard("$WF 01^2D\r$AT 03 03 32 0140\r");
    EXPECT_EQ(chatter.talker(), Talker::device);
    EXPECT_FALSE(chatter.somebody());
    EXPECT_THAT(to_text(chatter), StartsWith("an OpenEVSE controller, which reports by itself ($AT) "));
}

TEST(Heard, WhatMakesNoSenseIsSomebodyAllTheSame) {
    const auto noise = heard("\x55\xAA\x55\xAA\x55\xAA\x55\xAA");
    EXPECT_EQ(noise.talker(), Talker::unknown);
    EXPECT_TRUE(noise.somebody());
    EXPECT_EQ(to_text(noise),
              "a master at another speed, or a device that talks unasked (8 bytes: 55 AA 55 AA 55 AA 55 AA)");
}

TEST(Heard, SaysAtWhichSettingsItMadeSense) {
    Heard master;
    master.add(std::vector<std::uint8_t>{0x01, 0x03, 0x00, 0x00, 0x00, 0x0A, 0xC5, 0xCD});
    master.at = "19200 baud, even parity, 1 stop bit";
    EXPECT_THAT(to_text(master),
                StartsWith("another Modbus RTU master, which asks unit 1, at 19200 baud, even "
                           "parity, 1 stop bit (8 bytes: 01 03 "));
}

TEST(Heard, AShortDisturbanceIsNoMaster) {
    EXPECT_FALSE(heard("\xFF").somebody());
    EXPECT_EQ(to_text(heard("\xFF")), "a short disturbance (1 byte: FF)");
    EXPECT_EQ(to_text(Heard{}), "nothing");
}

}  // namespace
}  // namespace busbar::adapters

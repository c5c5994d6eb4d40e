// SPDX-License-Identifier: Apache-2.0
// RAPI frames: the checksums of real commands, sequence ids, words, damage.
#include "adapters/openevse_rapi.hpp"

#include <gmock/gmock.h>

namespace busbar::adapters::rapi {
namespace {

using testing::ElementsAre;

struct Vector {
    std::string_view command;
    std::string_view frame;
};

TEST(RapiFrame, CarriesTheXorOfEverythingBeforeIt) {
    const std::vector<Vector> vectors{
        {"GS", "$GS^30\r"},           {"GE", "$GE^26\r"}, {"GU", "$GU^36\r"},
        {"GG", "$GG^24\r"},           {"GC", "$GC^20\r"}, {"GV", "$GV^35\r"},
        {"GP", "$GP^33\r"},           {"G0", "$G0^53\r"}, {"GF", "$GF^25\r"},
        {"GI", "$GI^2A\r"},           {"GY", "$GY^3A\r"}, {"FE", "$FE^27\r"},
        {"FS", "$FS^31\r"},           {"FR", "$FR^30\r"}, {"SB", "$SB^35\r"},
        {"SC 16 V", "$SC 16 V^65\r"}, {"SY", "$SY^2E\r"}, {"SY 60 6", "$SY 60 6^1E\r"},
        {"SY 165", "$SY 165^3C\r"}};
    for (const auto& [command, expected] : vectors) EXPECT_EQ(frame(command), expected);
}

TEST(RapiFrame, PutsTheSequenceIdBeforeTheChecksum) {
    EXPECT_EQ(frame("GS", 0x05), "$GS :05^2F\r");
    EXPECT_EQ(frame("GS", 0xFF).substr(0, 8), "$GS :FF^");
}

TEST(RapiFrame, NeverExceedsTheControllersBuffer) {
    EXPECT_EQ(frame("FP 0 0 " + std::string(20, 'x')).size(), 32U);  // 31 and the CR
    EXPECT_EQ(frame("FP 0 0 " + std::string(21, 'x')), "");
}

TEST(RapiMessage, IsReadWithEitherChecksumOrNone) {
    for (const auto* text : {"$OK 01 0 01 0100^11", "$OK 01 0 01 0100*F1", "$OK 01 0 01 0100"}) {
        const auto message = parse(text);
        ASSERT_TRUE(message) << text;
        EXPECT_TRUE(message->intact) << text;
        EXPECT_TRUE(message->ok());
        EXPECT_THAT(message->words, ElementsAre("OK", "01", "0", "01", "0100"));
        EXPECT_EQ(message->hex(3), 0x100);
    }
}

TEST(RapiMessage, TellsDamageByItsChecksum) {
    EXPECT_TRUE(parse("$OK^20")->intact);
    EXPECT_FALSE(parse("$OK^21")->intact);
    EXPECT_FALSE(parse("$OJ^20")->intact);
    EXPECT_FALSE(parse("$OK^")->intact);
    EXPECT_FALSE(parse("$OK^2x")->intact);
}

TEST(RapiMessage, BeginsAtItsLastDollar) {
    EXPECT_THAT(parse("\x01garb$age$OK^20")->words, ElementsAre("OK"));
    EXPECT_FALSE(parse("no frame at all"));
    EXPECT_FALSE(parse("$"));
    EXPECT_FALSE(parse("$^24"));
}

TEST(RapiMessage, GivesTheSequenceIdApart) {
    const auto message = parse(frame("OK 16 :2A"));
    EXPECT_EQ(message->sequence, 0x2A);
    EXPECT_THAT(message->words, ElementsAre("OK", "16"));
    EXPECT_FALSE(parse("$OK :00")->sequence);  // reserved for "none"
}

TEST(RapiMessage, GivesNoNumberWhereThereIsNone) {
    const auto message = parse("$OK -1 240000 zz");
    EXPECT_EQ(message->decimal(0), -1);
    EXPECT_EQ(message->decimal(1), 240000);
    EXPECT_FALSE(message->decimal(2));
    EXPECT_FALSE(message->decimal(3));
    EXPECT_FALSE(message->hex(2));
}

TEST(RapiMessage, WithMoreThanTenWordsIsNone) {
    EXPECT_TRUE(parse("$A 1 2 3 4 5 6 7 8 9"));
    EXPECT_FALSE(parse("$A 1 2 3 4 5 6 7 8 9 10"));
}

}  // namespace
}  // namespace busbar::adapters::rapi

// SPDX-License-Identifier: Apache-2.0
// Frames of ABL's boxes and of Modbus ASCII, byte by byte.
#include "adapters/ascii_frame.hpp"

#include <gmock/gmock.h>

namespace busbar::adapters {
namespace {

using testing::ElementsAre;

Span holding(int address, int count) {
    return {1, config::Table::holding, address, count};
}
std::string read_line(int unit, int address, int count) {
    return ascii_request(unit, read_request(holding(address, count)));
}
Bytes pdu_of(std::string_view line) {
    return parse_ascii_answer(line, AsciiDialect::abl).value().pdu;
}

TEST(AsciiFrame, RequestsAreThoseSeenOnARealLine) {
    EXPECT_EQ(read_line(1, 0x01, 2), ":010300010002F9\r\n");
    EXPECT_EQ(read_line(1, 0x2E, 5), ":0103002E0005C9\r\n");
    EXPECT_EQ(read_line(1, 0x33, 3), ":010300330003C6\r\n");
    EXPECT_EQ(read_line(1, 0x04, 1), ":010300040001F7\r\n");
    EXPECT_EQ(read_line(1, 0x50, 8), ":010300500008A4\r\n");
    EXPECT_EQ(read_line(0, 0x01, 2), ":000300010002FA\r\n");
}

TEST(AsciiFrame, AWriteOfOneRegisterIsFunctionSixteenForAbl) {
    const auto function = dialect_function(config::WriteFunction::automatic, AsciiDialect::abl);
    EXPECT_EQ(ascii_request(1, write_request(holding(0x14, 1), {0x00A6}, function)),
              ":0110001400010200A632\r\n");
    EXPECT_EQ(dialect_function(config::WriteFunction::automatic, AsciiDialect::modbus),
              config::WriteFunction::automatic);
}

TEST(AsciiFrame, AnswersOfARealBoxAreRead) {
    const auto words = read_answer(holding(0x2E, 5), pdu_of(">01030A2EA1106403E803E803E8EE"));
    EXPECT_THAT(words.value(), ElementsAre(0x2EA1, 0x1064, 0x03E8, 0x03E8, 0x03E8));
    EXPECT_THAT(read_answer(holding(0x04, 1), pdu_of(">01030204A155")).value(), ElementsAre(0x04A1));
    EXPECT_THAT(read_answer(holding(0x0F, 5), pdu_of(">01030A0F3F0215021503E8021574")).value(),
                ElementsAre(0x0F3F, 0x0215, 0x0215, 0x03E8, 0x0215));
    const auto request = write_request(holding(0x14, 1), {0xA6}, config::WriteFunction::multiple);
    EXPECT_TRUE(write_answer(request, pdu_of(">011000140001DA")));
}

TEST(AsciiFrame, ARejectedWriteIsARefusal) {
    const auto request = write_request(holding(0x14, 1), {0x4F}, config::WriteFunction::multiple);
    const auto refused = write_answer(request, pdu_of(">0190046B"));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::refused);
    EXPECT_EQ(refused.error().exception, 4);
}

TEST(AsciiFrame, WhatStandsBeforeTheLastStartIsDropped) {
    EXPECT_THAT(pdu_of("\xFE>01030204A155"), ElementsAre(3, 2, 0x04, 0xA1));
    EXPECT_THAT(pdu_of(">010302>01030204A155"), ElementsAre(3, 2, 0x04, 0xA1));
    EXPECT_TRUE(holds_ascii_answer("x>", AsciiDialect::abl));
    EXPECT_FALSE(holds_ascii_answer(":010300040001F7", AsciiDialect::abl));
}

TEST(AsciiFrame, DamagedLinesAreGarbled) {
    for (const std::string_view line : {">01030204A154", ">01030204A15", ">01030204G155", ">", ">0103", ""}) {
        const auto frame = parse_ascii_answer(line, AsciiDialect::abl);
        ASSERT_FALSE(frame) << line;
        EXPECT_EQ(frame.error().code, Errc::garbled) << line;
    }
    // ABL's own document prints this one with a wrong checksum.
    EXPECT_FALSE(parse_ascii_answer(">01030204A11F", AsciiDialect::abl));
}

TEST(AsciiFrame, LowerCaseDigitsAreReadToo) {
    EXPECT_THAT(pdu_of(">01030204a155"), ElementsAre(3, 2, 0x04, 0xA1));
}

TEST(AsciiFrame, TheFirstByteSaysWhichRegisterAnswers) {
    EXPECT_TRUE(repeats_register(holding(0x2E, 1), {0x2EA1}));
    EXPECT_FALSE(repeats_register(holding(0x04, 1), {0x2EA1}));
    EXPECT_FALSE(repeats_register(holding(0x04, 1), {}));
}

TEST(AsciiFrame, AblHasHoldingRegistersOnly) {
    EXPECT_TRUE(check_dialect(holding(4, 1), AsciiDialect::abl));
    EXPECT_FALSE(check_dialect({1, config::Table::input, 4, 1}, AsciiDialect::abl));
    EXPECT_TRUE(check_dialect({1, config::Table::input, 4, 1}, AsciiDialect::modbus));
}

}  // namespace
}  // namespace busbar::adapters

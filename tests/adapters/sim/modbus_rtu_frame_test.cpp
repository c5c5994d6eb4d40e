// SPDX-License-Identifier: Apache-2.0
// RTU frames, each byte known from elsewhere.
#include "adapters/sim/modbus_rtu_frame.hpp"

#include <gmock/gmock.h>

#include "tests/adapters/sim/master.hpp"

namespace busbar::sim {
namespace {

using test::at;
using testing::ElementsAre;

// Unit 0x11 reads three holding registers from 0x006B; 76 87 is the CRC, low byte first.
const Bytes well_known_request{0x11, 0x03, 0x00, 0x6B, 0x00, 0x03, 0x76, 0x87};

Bytes part(const Bytes& bytes, std::ptrdiff_t from, std::ptrdiff_t to) {
    return {bytes.begin() + from, bytes.begin() + to};
}

TEST(RtuFrame, CrcMatchesTheCatalogueCheckValue) {
    const Bytes digits{'1', '2', '3', '4', '5', '6', '7', '8', '9'};
    EXPECT_EQ(modbus_crc(digits, digits.size()), 0x4B37);
}

TEST(RtuFrame, AWholeRequestIsFoundAtOnce) {
    RtuFraming framing;
    framing.feed(well_known_request, at(0ms));
    const auto request = framing.next(at(0ms));
    ASSERT_TRUE(request);
    EXPECT_EQ(request->unit, 0x11);
    EXPECT_THAT(request->payload, ElementsAre(0x03, 0x00, 0x6B, 0x00, 0x03));
    EXPECT_FALSE(framing.next(at(0ms)));
    EXPECT_FALSE(framing.deadline());
}

TEST(RtuFrame, AWriteOfSeveralRegistersEndsWhereItsByteCountSays) {
    // Unit 0x11 writes 0x000A, 0x0102 to two registers from 0x0001.
    const Bytes bytes{0x11, 0x10, 0x00, 0x01, 0x00, 0x02, 0x04, 0x00, 0x0A, 0x01, 0x02, 0xC6, 0xF0};
    RtuFraming framing;
    framing.feed(bytes, at(0ms));
    const auto request = framing.next(at(0ms));
    ASSERT_TRUE(request);
    EXPECT_EQ(request->payload.size(), 10U);
}

TEST(RtuFrame, ARequestInTwoPiecesIsJoinedWhenNoSilenceIsBetween) {
    RtuFraming framing;
    framing.feed(part(well_known_request, 0, 3), at(0ms));
    EXPECT_FALSE(framing.next(at(0ms)));
    EXPECT_EQ(framing.deadline(), at(5ms));
    framing.feed(part(well_known_request, 3, 8), at(4ms));
    EXPECT_TRUE(framing.next(at(4ms)));
}

TEST(RtuFrame, ASilenceEndsAnUnfinishedRequest) {
    RtuFraming framing;
    framing.feed(part(well_known_request, 0, 3), at(0ms));
    framing.feed(part(well_known_request, 3, 8), at(6ms));
    EXPECT_FALSE(framing.next(at(6ms)));
    EXPECT_FALSE(framing.next(at(12ms)));
    framing.feed(well_known_request, at(20ms));
    EXPECT_TRUE(framing.next(at(20ms)));
}

TEST(RtuFrame, ADamagedRequestIsDroppedAndTheNextOneFound) {
    Bytes damaged = well_known_request;
    damaged[3] ^= 0x01;
    RtuFraming framing;
    framing.feed(damaged, at(0ms));
    EXPECT_FALSE(framing.next(at(0ms)));
    EXPECT_FALSE(framing.next(at(5ms)));
    EXPECT_FALSE(framing.deadline());
    framing.feed(well_known_request, at(6ms));
    EXPECT_TRUE(framing.next(at(6ms)));
}

TEST(RtuFrame, AFunctionOfUnknownLengthEndsAtTheSilence) {
    Bytes bytes{0x01, 0x2B, 0x0E, 0x01, 0x00};  // read device identification
    const std::uint16_t crc = modbus_crc(bytes, bytes.size());
    bytes.push_back(static_cast<std::uint8_t>(crc & 0xFF));
    bytes.push_back(static_cast<std::uint8_t>(crc >> 8));
    RtuFraming framing;
    framing.feed(bytes, at(0ms));
    EXPECT_FALSE(framing.next(at(4ms)));
    EXPECT_TRUE(framing.next(at(5ms)));
}

TEST(RtuFrame, EndlessNoiseIsBounded) {
    RtuFraming framing;
    for (int i = 0; i < 1000; ++i) {
        framing.feed(Bytes(100, 0x55), at(milliseconds(i)));
        EXPECT_FALSE(framing.next(at(milliseconds(i))));
    }
    EXPECT_FALSE(framing.next(at(1010ms)));
    framing.feed(well_known_request, at(1011ms));
    EXPECT_TRUE(framing.next(at(1011ms)));
}

TEST(RtuFrame, AnAnswerIsFramedWithUnitAndCrc) {
    const RtuFraming framing;
    // Unit 1, input register value 0xFFFF.
    EXPECT_THAT(framing.frame(Request{1, {}}, Bytes{0x04, 0x02, 0xFF, 0xFF}),
                ElementsAre(0x01, 0x04, 0x02, 0xFF, 0xFF, 0xB8, 0x80));
}

TEST(RtuFrame, AGarbledAnswerFailsItsCrc) {
    const RtuFraming framing;
    Bytes frame = framing.frame(Request{1, {}}, Bytes{0x04, 0x02, 0xFF, 0xFF});
    framing.garble(frame);
    const std::uint16_t sent = static_cast<std::uint16_t>(frame[5] | (frame[6] << 8));
    EXPECT_NE(modbus_crc(frame, 5), sent);
}

}  // namespace
}  // namespace busbar::sim

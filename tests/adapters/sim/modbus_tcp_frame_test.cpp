// SPDX-License-Identifier: Apache-2.0
// MBAP frames.
#include "adapters/sim/modbus_tcp_frame.hpp"

#include <gmock/gmock.h>

#include "tests/adapters/sim/master.hpp"

namespace busbar::sim {
namespace {

using test::at;
using testing::ElementsAre;

//                           transaction  protocol    length      unit  PDU
const Bytes read_state{0x12, 0x34, 0x00, 0x00, 0x00, 0x06, 0xFF, 0x04, 0x00, 0x05, 0x00, 0x01};

TEST(MbapFrame, ARequestCarriesTransactionUnitAndPdu) {
    MbapFraming framing;
    framing.feed(read_state, at(0ms));
    const auto request = framing.next(at(0ms));
    ASSERT_TRUE(request);
    EXPECT_EQ(request->transaction, 0x1234);
    EXPECT_EQ(request->unit, 255);
    EXPECT_THAT(request->payload, ElementsAre(0x04, 0x00, 0x05, 0x00, 0x01));
}

TEST(MbapFrame, RequestsArriveInAnyPieces) {
    MbapFraming framing;
    int found = 0;
    for (int i = 0; i < 3; ++i) {
        for (const std::uint8_t byte : read_state) {
            framing.feed({byte}, at(0ms));
            found += framing.next(at(0ms)) ? 1 : 0;
        }
    }
    EXPECT_EQ(found, 3);
}

TEST(MbapFrame, TheAnswerRepeatsTheTransaction) {
    const MbapFraming framing;
    const Request request{255, {}, 0x1234};
    EXPECT_THAT(framing.frame(request, Bytes{0x04, 0x02, 0x00, 0x07}),
                ElementsAre(0x12, 0x34, 0x00, 0x00, 0x00, 0x05, 0xFF, 0x04, 0x02, 0x00, 0x07));
}

TEST(MbapFrame, AnotherProtocolBreaksTheStream) {
    MbapFraming framing;
    Bytes other = read_state;
    other[3] = 0x01;
    framing.feed(other, at(0ms));
    EXPECT_FALSE(framing.next(at(0ms)));
    EXPECT_TRUE(framing.broken());
}

TEST(MbapFrame, AnImpossibleLengthBreaksTheStream) {
    for (const std::uint8_t length : Bytes{0x00, 0x01, 0xFF}) {
        MbapFraming framing;
        framing.feed({0x00, 0x01, 0x00, 0x00, 0x00, length, 0x01}, at(0ms));
        EXPECT_FALSE(framing.next(at(0ms)));
        EXPECT_TRUE(framing.broken()) << int(length);
    }
}

}  // namespace
}  // namespace busbar::sim

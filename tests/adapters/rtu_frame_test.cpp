// SPDX-License-Identifier: Apache-2.0
// Telling another unit's answer from noise.
#include "adapters/rtu_frame.hpp"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace busbar::adapters {
namespace {

TEST(RtuFrame, AnAnswerIsIntactWithItsChecksumWhateverFollows) {
    // unit 1, read holding, 2 bytes: 0x0006, checksum
    std::vector<std::uint8_t> frame{0x01, 0x03, 0x02, 0x00, 0x06, 0x38, 0x46};
    EXPECT_TRUE(is_intact_answer(frame));
    frame.resize(260);
    EXPECT_TRUE(is_intact_answer(frame));
    frame[4] = 0x07;
    EXPECT_FALSE(is_intact_answer(frame));
}

TEST(RtuFrame, WritesAndExceptionsHaveTheirOwnLengths) {
    // unit 17, write register 1 = 3; unit 10, exception 2 to function 1
    EXPECT_TRUE(
        is_intact_answer(std::array<std::uint8_t, 8>{0x11, 0x06, 0x00, 0x01, 0x00, 0x03, 0x9A, 0x9B}));
    EXPECT_TRUE(is_intact_answer(std::array<std::uint8_t, 5>{0x0A, 0x81, 0x02, 0xB0, 0x53}));
}

TEST(RtuFrame, WhatIsShortOrOfAnUnknownFunctionIsNoise) {
    EXPECT_FALSE(is_intact_answer({}));
    EXPECT_FALSE(is_intact_answer(std::array<std::uint8_t, 3>{0x01, 0x03, 0xFF}));
    EXPECT_FALSE(is_intact_answer(std::array<std::uint8_t, 4>{0x01, 0x2B, 0x00, 0x00}));
}

}  // namespace
}  // namespace busbar::adapters

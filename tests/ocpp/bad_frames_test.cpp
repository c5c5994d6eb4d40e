// SPDX-License-Identifier: Apache-2.0
// A flood of broken frames in few lines.
#include "ocpp/bad_frames.hpp"

#include <gtest/gtest.h>

namespace busbar::ocpp {
namespace {

TEST(BadFrames, AThousandOfOneCauseAreFourLinesAndAnotherCauseHasItsOwn) {
    BadFrames frames;
    std::vector<std::uint64_t> told;
    for (int i = 0; i < 1000; ++i) {
        const auto count = frames.count(CallErrorCode::FormationViolation, SteadyTime(1ms * i));
        if (count > 0) told.push_back(count);
    }
    EXPECT_EQ(told, (std::vector<std::uint64_t>{1, 10, 100, 1000}));
    EXPECT_EQ(frames.count(CallErrorCode::GenericError, SteadyTime(1s)), 1U);
}

TEST(BadFrames, AfterTenQuietMinutesARowBeginsAnew) {
    BadFrames frames;
    EXPECT_EQ(frames.count(CallErrorCode::FormationViolation, SteadyTime(1s)), 1U);
    EXPECT_EQ(frames.count(CallErrorCode::FormationViolation, SteadyTime(2s)), 0U);
    EXPECT_EQ(frames.count(CallErrorCode::FormationViolation, SteadyTime(602s)), 1U);
}

}  // namespace
}  // namespace busbar::ocpp

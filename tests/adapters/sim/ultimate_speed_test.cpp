// SPDX-License-Identifier: Apache-2.0
// The simulated box that only listens.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "adapters/sim/ultimate_speed_box.hpp"
#include "tests/adapters/sim/master.hpp"

namespace busbar::sim {
namespace {

using test::at;

const Bytes sixteen_amperes{0x5A, 0xA5, 0x08, 0x00, 0xAA, 0x00, 0x00, 0x00, 0xA0, 0xA5, 0x5A};

TEST(UltimateSpeed, FramesAreFoundInNoiseAndInPieces) {
    UltimateSpeedFraming framing;
    framing.feed({0x00, 0x5A}, at(0ms));
    framing.feed(Bytes(sixteen_amperes.begin(), sixteen_amperes.begin() + 5), at(0ms));
    EXPECT_FALSE(framing.next(at(0ms)));
    framing.feed(Bytes(sixteen_amperes.begin() + 5, sixteen_amperes.end()), at(0ms));
    EXPECT_EQ(framing.next(at(0ms))->payload, (Bytes{0x00, 0xAA, 0x00, 0x00, 0x00, 0xA0}));
    EXPECT_FALSE(framing.next(at(0ms)));
}

TEST(UltimateSpeed, TakesALimitAndSaysNothing) {
    CarOptions car;
    car.plugged = true;
    UltimateSpeedBox box(car, {1, 1, at(0ms)});
    EXPECT_FALSE(box.exchange({0x00, 0xAA, 0x00, 0x00, 0x00, 0x64}));
    EXPECT_EQ(box.show().at("limit_a"), 10.0);
    box.advance(at(5s));
    EXPECT_EQ(box.show().at("amps").at(2), 10.0);
    EXPECT_FALSE(box.exchange({0x00, 0xAA, 0x00, 0x00, 0x00, 0x3B}));
    box.advance(at(10s));
    EXPECT_EQ(box.show().at("amps").at(0), 0.0);
    EXPECT_EQ(box.writes().size(), 2U);
}

TEST(UltimateSpeed, CountsAddressesItDoesNotHave) {
    UltimateSpeedBox box({}, {1, 1, at(0ms)});
    EXPECT_FALSE(box.exchange({0x00, 0xAB, 0x00, 0x00, 0x00, 0x64}));
    EXPECT_EQ(box.show().at("unknown_frames"), 1);
    EXPECT_EQ(box.show().at("limit_a"), 16.0);
}

}  // namespace
}  // namespace busbar::sim

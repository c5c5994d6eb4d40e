// SPDX-License-Identifier: Apache-2.0
// The driver of boxes that only listen.
#include "adapters/frame_charger.hpp"

#include <gmock/gmock.h>

#include "tests/adapters/simulated_frames.hpp"

namespace busbar::adapters {
namespace {

config::Profile profile() {
    config::Profile profile;
    profile.protocol = config::Protocol::frames;
    profile.frames = config::FrameTemplate{"5AA5 08 00AA {limit*10:u32} A55A", 2s};
    profile.limit.emplace();
    profile.limit->max_a = 32;
    return profile;
}

class FrameBox : public testing::Test {
  protected:
    void start(bool has_meter = false) {
        charger = std::make_unique<FrameCharger>(profile(), placement, has_meter, line, Log());
    }
    Result<void> limit(double amperes) { return bus().execute(SetLimit{1, Amperes(amperes)}); }
    test::BusOfOne bus() { return {*charger, line, clock}; }
    Reading reading() { return charger->snapshot().at(0); }
    bool shows(const std::string& what) { return line.control("show 1").find(what) != std::string::npos; }

    SteadyTime clock{100s};
    Placement placement{1, {}, 1s, {Amperes(20), Amperes(0), 3, Volts(230)}};
    test::SimulatedFrames line{clock, {"ultimate-speed:1,plugged=1"}};
    std::unique_ptr<FrameCharger> charger;
};

TEST_F(FrameBox, SaysNothingBeforeItIsToldALimit) {
    start();
    bus().run(10s);
    EXPECT_TRUE(line.sent.empty());
    EXPECT_TRUE(charger->snapshot().empty());
    EXPECT_TRUE(limit(0));
    EXPECT_TRUE(shows(R"("limit_a":0)"));
    EXPECT_EQ(reading().state, CpState::B1);
    EXPECT_EQ(reading().offered, Amperes(0));
}

TEST_F(FrameBox, HearsALimitAtOnceAndThenAgainAndAgain) {
    start();
    EXPECT_TRUE(limit(16));
    EXPECT_EQ(line.sent.size(), 1U);
    EXPECT_TRUE(shows(R"("limit_a":16)"));
    bus().run(9s);
    EXPECT_EQ(line.sent.size(), 5U);  // at 2, 4, 6 and 8 s
    EXPECT_TRUE(limit(16));
    EXPECT_EQ(line.sent.size(), 5U);
}

TEST_F(FrameBox, NeverHearsMoreThanTheInstallationAllows) {
    start();
    EXPECT_TRUE(limit(32));
    EXPECT_TRUE(shows(R"("limit_a":20)"));
    EXPECT_TRUE(limit(5));
    EXPECT_TRUE(shows(R"("limit_a":0)"));
}

TEST_F(FrameBox, WithoutAMeterNobodyClaimsThatItCharges) {
    start();
    EXPECT_TRUE(limit(16));
    EXPECT_EQ(reading().state, CpState::B2);
    EXPECT_FALSE(reading().power);
    EXPECT_FALSE(reading().energy_import);
}

TEST_F(FrameBox, WithAMeterTheMeterDecidesWhetherItCharges) {
    start(true);
    EXPECT_TRUE(limit(16));
    EXPECT_EQ(reading().state, CpState::C2);
    EXPECT_TRUE(limit(0));
    EXPECT_EQ(reading().state, CpState::B1);
}

TEST_F(FrameBox, CannotDoAnythingElse) {
    start();
    EXPECT_EQ(bus().execute(Reboot{}).error().code, Errc::unsupported);
    EXPECT_FALSE(charger->capabilities().reboot);
    EXPECT_FALSE(charger->capabilities().wake_up);
}

}  // namespace
}  // namespace busbar::adapters

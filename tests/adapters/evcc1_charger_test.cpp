// SPDX-License-Identifier: Apache-2.0
// The driver for ABL-Sursum's first EVCC against a simulated one.
#include "adapters/evcc1_charger.hpp"

#include <gmock/gmock.h>

#include "tests/adapters/simulated_frames.hpp"

namespace busbar::adapters {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

config::Profile profile() {
    config::Profile profile;
    profile.protocol = config::Protocol::evcc1;
    profile.limit.emplace();
    profile.limit->max_a = 32;
    profile.pacing.gap = 20ms;
    profile.pacing.reply_timeout = 300ms;
    return profile;
}

class Evcc1 : public testing::Test {
  protected:
    void start(const std::vector<std::string>& boxes = {"abl-evcc1:1"}, int unit = 1) {
        line = std::make_unique<test::SimulatedFrames>(clock, boxes);
        Placement placement;
        placement.unit = unit;
        charger = std::make_unique<Evcc1Charger>(profile(), placement, *line, Log());
        bus.emplace(*charger, *line, clock);
    }
    Reading reading() { return charger->snapshot().at(0); }
    bool limit(double amperes) { return bus->execute(SetLimit{1, Amperes(amperes)}).has_value(); }
    std::string shown() { return line->control("show 1"); }

    SteadyTime clock{1s};
    std::unique_ptr<test::SimulatedFrames> line;
    std::unique_ptr<Evcc1Charger> charger;
    std::optional<test::BusOfOne> bus;
};

TEST_F(Evcc1, SaysNothingBeforeItsFirstCycle) {
    start();
    EXPECT_TRUE(charger->snapshot().empty());
    bus->run(2s);
    EXPECT_EQ(reading().state, CpState::A);
    EXPECT_EQ(charger->identity().firmware, "V1.7");
    EXPECT_FALSE(reading().power);
    EXPECT_FALSE(bus->more_than_one);
}

TEST_F(Evcc1, ADefaultStoredByTheInstallerIsTheUpperLimit) {
    start({"abl-evcc1:1,default_a=20"});
    EXPECT_EQ(charger->capabilities().max_current, Amperes(32));
    bus->run(1s);
    EXPECT_NEAR(charger->capabilities().max_current.value(), 20, 0.05);
    ASSERT_TRUE(limit(32));
    EXPECT_THAT(line->sent, Contains("!1 12 0316"));  // whole amperes below 19.98 A
}

TEST_F(Evcc1, ChargesWithTheLimitAndPausesWithDutyAndFlag) {
    start({"abl-evcc1:1,plugged=1"});
    ASSERT_TRUE(limit(0));
    bus->run(5s);
    EXPECT_EQ(reading().state, CpState::B1);
    EXPECT_EQ(reading().offered, Amperes(0));
    line->sent.clear();
    ASSERT_TRUE(limit(10));
    EXPECT_THAT(line->sent, ElementsAre("!1 12 0166", "!1 28"));
    bus->run(5s);
    EXPECT_EQ(reading().state, CpState::C2);
    EXPECT_NEAR(reading().offered->value(), 9.96, 0.001);
    line->sent.clear();
    ASSERT_TRUE(limit(0));
    EXPECT_THAT(line->sent, ElementsAre("!1 12 0999", "!1 27"));
    bus->run(5s);
    EXPECT_EQ(reading().state, CpState::B1);
    EXPECT_THAT(shown(), HasSubstr("\"offer_a\":0"));
    EXPECT_FALSE(bus->more_than_one);
}

TEST_F(Evcc1, ABoxThatGoesOnDespiteItsDutyIsStoppedByTheFlag) {
    start({"abl-evcc1:1,plugged=1,duty_alone_stops=0"});
    ASSERT_TRUE(limit(16));
    bus->run(5s);
    EXPECT_EQ(reading().state, CpState::C2);
    ASSERT_TRUE(limit(0));
    bus->run(5s);
    EXPECT_EQ(reading().state, CpState::B1);
}

TEST_F(Evcc1, AnUnchangedLimitIsNotWrittenAgain) {
    start({"abl-evcc1:1,plugged=1"});
    ASSERT_TRUE(limit(16));
    line->sent.clear();
    ASSERT_TRUE(limit(16));
    bus->run(20s);
    EXPECT_THAT(line->sent, Not(Contains(HasSubstr("!1 12"))));
    EXPECT_THAT(line->sent, Not(Contains(HasSubstr("!1 28"))));
}

TEST_F(Evcc1, AfterALossOfPowerTheBoxIsPausedAgain) {
    start({"abl-evcc1:1,plugged=1"});
    ASSERT_TRUE(limit(0));
    bus->run(3s);
    line->control("power_cycle 1");
    bus->run(8s);
    EXPECT_THAT(shown(), HasSubstr("\"break\":true"));
    EXPECT_THAT(shown(), HasSubstr("\"duty\":999"));
    bus->run(5s);
    EXPECT_EQ(reading().state, CpState::B1);
}

TEST_F(Evcc1, WakesASleepingCarWithoutSeeingItUnplugged) {
    start({"abl-evcc1:1,plugged=1"});
    ASSERT_TRUE(limit(0));
    line->control("sleep 1");
    bus->run(3s);
    ASSERT_TRUE(limit(16));
    bus->run(5s);
    EXPECT_EQ(reading().state, CpState::B2);
    const auto began = clock;
    line->sent.clear();
    line->sent_at.clear();
    ASSERT_TRUE(bus->execute(WakeUp{1}));
    EXPECT_THAT(line->sent, ElementsAre("!1 30", "!1 31"));
    EXPECT_GE(clock - began, 3s);
    bus->run(5s);
    EXPECT_EQ(reading().state, CpState::C2);
}

TEST_F(Evcc1, APollDuringTheWakeUpKeepsTheStateOfTheCar) {
    start({"abl-evcc1:1,plugged=1"});
    ASSERT_TRUE(limit(16));
    bus->run(5s);
    ASSERT_EQ(reading().state, CpState::C2);
    const auto step = charger->execute(WakeUp{1}, {}, clock);
    ASSERT_TRUE(step);
    ASSERT_FALSE(step->done);
    bus->run(2s);
    EXPECT_EQ(reading().state, CpState::C2);
    EXPECT_THAT(shown(), HasSubstr("\"pilot_off\":true"));
}

TEST_F(Evcc1, APilotThatWasLeftOffIsSwitchedOnAgain) {
    start({"abl-evcc1:1,plugged=1"});
    bus->run(2s);
    line->control("show 1");
    const auto told = line->converse(1, "!1 30\r\n", [](std::string_view) { return true; }, {300ms, {}});
    ASSERT_TRUE(told);
    EXPECT_THAT(shown(), HasSubstr("\"pilot_off\":true"));
    bus->run(3s);
    EXPECT_THAT(shown(), HasSubstr("\"pilot_off\":false"));
}

TEST_F(Evcc1, FaultsAreToldWithTheirNumber) {
    start({"abl-evcc1:1,plugged=1"});
    bus->run(2s);
    line->control("fault 1 locker");
    bus->run(2s);
    ASSERT_TRUE(reading().fault);
    EXPECT_EQ(reading().fault->code, FaultCode::ConnectorLockFailure);
    EXPECT_EQ(reading().fault->vendor_code, "0037");
    line->control("clear 1");
    bus->run(2s);
    EXPECT_FALSE(reading().fault);
}

TEST_F(Evcc1, ALostRequestIsRepeatedAndASilentBoxIsLost) {
    start();
    bus->run(2s);
    line->control("drop 1 1");
    const auto before = bus->cycles;
    bus->run(3s);
    EXPECT_GT(bus->cycles, before + 1);
    line->control("silent 1 1");
    bus->run(10s);
    const auto lost = charger->poll(clock);
    ASSERT_FALSE(lost && lost->done);
    const auto silent_cycles = bus->cycles;
    line->control("silent 1 0");
    bus->run(3s);
    EXPECT_GT(bus->cycles, silent_cycles);
}

TEST_F(Evcc1, SeveralBoxesShareALine) {
    start({"abl-evcc1:1,plugged=1", "abl-evcc1:2"}, 2);
    Placement first;
    first.unit = 1;
    Evcc1Charger other(profile(), first, *line, Log());
    for (int i = 0; i < 200; ++i) {
        (void)charger->poll(clock);
        (void)other.poll(clock);
        clock += 20ms;
    }
    EXPECT_EQ(reading().state, CpState::A);
    EXPECT_EQ(other.snapshot().at(0).state, CpState::C2);
}

TEST_F(Evcc1, RebootsAndIsMetAnew) {
    start({"abl-evcc1:1,plugged=1"});
    ASSERT_TRUE(limit(0));
    ASSERT_TRUE(bus->execute(Reboot{}));
    EXPECT_THAT(line->sent, Contains("!1 00 1111"));
    bus->run(8s);
    EXPECT_THAT(shown(), HasSubstr("\"break\":true"));
}

TEST_F(Evcc1, HasNoLockToOpen) {
    start();
    const auto answer = bus->execute(Unlock{1});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, Errc::unsupported);
}

TEST_F(Evcc1, RefreshReadsAllValuesNow) {
    start({"abl-evcc1:1,plugged=1"});
    bus->run(2s);
    const auto before = clock;
    ASSERT_TRUE(bus->execute(Refresh{1}));
    EXPECT_GE(reading().taken_at, before);
    EXPECT_LT(clock - before, 500ms);
}

}  // namespace
}  // namespace busbar::adapters

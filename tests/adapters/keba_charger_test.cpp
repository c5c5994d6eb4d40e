// SPDX-License-Identifier: Apache-2.0
// The KEBA driver against a simulated KEBA.
#include "adapters/keba_charger.hpp"

#include <gmock/gmock.h>

#include "tests/adapters/simulated_frames.hpp"

namespace busbar::adapters {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class KebaUdp : public testing::Test {
  protected:
    void start(const std::string& keys = "", Log log = {}) {
        line = std::make_unique<test::SimulatedFrames>(clock, std::vector<std::string>{"keba-udp:1" + keys});
        config::Profile profile;
        profile.protocol = config::Protocol::keba;
        profile.limit.emplace();
        profile.limit->max_a = 63;
        profile.pacing.reply_timeout = 1000ms;
        Placement placement;
        placement.installation.max_current = Amperes(63);
        placement.installation.failsafe_current = failsafe;
        charger = std::make_unique<KebaCharger>(std::move(profile), placement, *line, std::move(log));
        bus.emplace(*charger, *line, clock);
    }
    Reading reading() { return charger->snapshot().at(0); }
    bool limit(double amperes) { return bus->execute(SetLimit{1, Amperes(amperes)}).has_value(); }
    std::string shown() { return line->control("show 1"); }
    /// What was sent since, without reports.
    std::vector<std::string> commands() {
        std::vector<std::string> commands;
        for (const auto& sent : std::exchange(line->sent, {})) {
            if (!sent.starts_with("report")) commands.push_back(sent);
        }
        return commands;
    }

    SteadyTime clock{1s};
    Amperes failsafe{0};
    std::unique_ptr<test::SimulatedFrames> line;
    std::unique_ptr<KebaCharger> charger;
    std::optional<test::BusOfOne> bus;
};

TEST_F(KebaUdp, LearnsWhoAndWhatTheBoxIs) {
    start(",hardware_max_a=20");
    bus->run(3s);
    EXPECT_EQ(reading().state, CpState::A);
    EXPECT_EQ(charger->identity().serial, "17619300");
    EXPECT_EQ(charger->identity().firmware, "P30 v 3.10.14 (190621-123456)");
    EXPECT_EQ(charger->capabilities().max_current, Amperes(20));
    EXPECT_DOUBLE_EQ(reading().energy_import->value.value(), 1'234'567);
    EXPECT_FALSE(bus->more_than_one);
}

TEST_F(KebaUdp, NeverSendsTwoDatagramsWithinAHundredMilliseconds) {
    start(",plugged=1");
    ASSERT_TRUE(limit(16));
    bus->run(10s);
    for (std::size_t i = 1; i < line->sent_at.size(); ++i) {
        ASSERT_GE(line->sent_at[i] - line->sent_at[i - 1], 100ms) << line->sent[i];
    }
    EXPECT_THAT(shown(), HasSubstr("\"gap_violations\":0"));
}

TEST_F(KebaUdp, TellsACarWithTheReportOfTheStateAndChargingWithTheReportOfTheMeter) {
    start();
    ASSERT_TRUE(limit(16));
    bus->run(3s);
    line->control("plug 1");
    const auto told_with = [this] {
        for (;;) {
            const auto step = charger->poll(clock);
            EXPECT_TRUE(step);
            if (!step || step->told || step->done) return std::pair(step && step->told, line->sent.back());
            clock = std::max(clock, step->at);
        }
    };
    EXPECT_EQ(told_with(), std::pair(true, std::string("report 2")));
    EXPECT_NE(reading().state, CpState::A);
}

TEST_F(KebaUdp, OffersTheCurrentBeforeTheSwitchAndPausesTheOtherWayRound) {
    start(",plugged=1");
    ASSERT_TRUE(limit(0));
    bus->run(3s);
    EXPECT_EQ(reading().state, CpState::B1);
    commands();
    ASSERT_TRUE(limit(16));
    EXPECT_THAT(commands(), ElementsAre("curr 16000", "ena 1"));
    bus->run(5s);
    EXPECT_EQ(reading().state, CpState::C2);
    EXPECT_NEAR(reading().power->value.value(), 11040, 1);
    EXPECT_EQ(reading().offered, Amperes(16));
    ASSERT_TRUE(limit(10));
    EXPECT_THAT(commands(), ElementsAre("curr 10000"));
    ASSERT_TRUE(limit(0));
    EXPECT_THAT(commands(), ElementsAre("ena 0", "curr 0"));
    bus->run(5s);
    EXPECT_EQ(reading().state, CpState::B1);
}

TEST_F(KebaUdp, ABoxThatDoesNotTakeZeroIsAskedOnce) {
    start(",plugged=1,takes_zero=0");
    ASSERT_TRUE(limit(0));
    EXPECT_THAT(commands(), Contains("curr 0"));
    ASSERT_TRUE(limit(16));
    ASSERT_TRUE(limit(0));
    EXPECT_THAT(commands(), ElementsAre("curr 16000", "ena 1", "ena 0"));
    bus->run(5s);
    EXPECT_THAT(commands(), Not(Contains("curr 0")));
}

TEST_F(KebaUdp, ArmsTheFailsafeEachTwentySeconds) {
    failsafe = Amperes(6);
    start();
    bus->run(61s);
    EXPECT_THAT(commands(), ElementsAre("failsafe 60 6000 0", "failsafe 60 6000 0", "failsafe 60 6000 0",
                                        "failsafe 60 6000 0"));
    EXPECT_THAT(shown(), HasSubstr("\"watchdog_expired\":false"));
}

TEST_F(KebaUdp, AFailsafeBelowTheMinimumIsNoCurrent) {
    start();
    bus->run(2s);
    EXPECT_THAT(commands(), ElementsAre("failsafe 60 0 0"));
}

TEST_F(KebaUdp, ABoxWithoutFailsafeIsNotAskedAgainAndSaidOnce) {
    int warnings = 0;
    start(",failsafe=0", Log([&](const LogRecord& record) { warnings += record.event == "no_failsafe"; }));
    bus->run(90s);
    EXPECT_THAT(commands(), ElementsAre("failsafe 60 0 0"));
    EXPECT_EQ(warnings, 1);
}

TEST_F(KebaUdp, AfterALossOfPowerLimitAndFailsafeComeBack) {
    start(",plugged=1");
    ASSERT_TRUE(limit(0));
    bus->run(3s);
    line->control("power_cycle 1");
    bus->run(25s);
    EXPECT_THAT(shown(), HasSubstr("\"enabled\":false"));
    EXPECT_THAT(shown(), HasSubstr("\"failsafe_s\":60"));
    EXPECT_EQ(reading().state, CpState::B1);
}

TEST_F(KebaUdp, ACurrentChangedByAnotherIsCorrected) {
    start(",plugged=1");
    ASSERT_TRUE(limit(10));
    bus->run(3s);
    commands();
    const auto other = line->converse(1, "curr 32000", [](std::string_view) { return true; }, {1s, {}});
    ASSERT_TRUE(other);
    bus->run(3s);
    EXPECT_THAT(shown(), HasSubstr("\"current_set_a\":10"));
}

TEST_F(KebaUdp, NewsBetweenTwoReportsDoNotDisturbThem) {
    start();
    ASSERT_TRUE(limit(16));
    bus->run(3s);
    line->control("plug 1");
    bus->run(3s);
    EXPECT_EQ(reading().state, CpState::C2);
    line->control("unplug 1");
    bus->run(2s);
    EXPECT_EQ(reading().state, CpState::A);
    EXPECT_EQ(line->counters().at(1).garbled, 0U);
    EXPECT_EQ(line->counters().at(1).timeouts, 0U);
}

TEST_F(KebaUdp, AnErrorIsAFault) {
    start(",plugged=1");
    bus->run(2s);
    line->control("fault 1 131");
    bus->run(2s);
    ASSERT_TRUE(reading().fault);
    EXPECT_EQ(reading().fault->vendor_code, "131");
}

TEST_F(KebaUdp, ACardIsReadWhereTheBoxWantsOne) {
    start(",plugged=1,wants_cards=1");
    ASSERT_TRUE(limit(0));
    bus->run(4s);
    EXPECT_TRUE(reading().auth_wait);
    EXPECT_FALSE(reading().id_tag);
    line->control("card 1 04A1B2C3");
    bus->run(4s);
    EXPECT_FALSE(reading().auth_wait);
    EXPECT_EQ(reading().id_tag, "04A1B2C3");
}

TEST_F(KebaUdp, ABoxThatWantsCardsIsToldThatTheSessionIsAllowedOnceThereIsALimit) {
    start(",plugged=1,wants_cards=1");
    bus->run(3s);
    EXPECT_TRUE(reading().auth_wait);
    EXPECT_THAT(commands(), Not(Contains(HasSubstr("start"))));
    EXPECT_TRUE(limit(10));
    bus->run(4s);
    EXPECT_THAT(commands(), Contains("start 4255534241520000 01010400000000000000"));
    EXPECT_FALSE(reading().auth_wait);
    EXPECT_EQ(reading().state, CpState::C2);
    EXPECT_FALSE(reading().id_tag) << "our own tag is nobody's card";
    bus->run(30s);
    EXPECT_THAT(commands(), Not(Contains(HasSubstr("start"))));
}

TEST_F(KebaUdp, ABoxWithoutSessionReportsStaysInService) {
    start(",plugged=1,wants_cards=1,sessions=0");
    bus->run(20s);
    EXPECT_TRUE(reading().auth_wait);
    EXPECT_EQ(std::count(line->sent.begin(), line->sent.end(), "report 100"), 1);
}

TEST_F(KebaUdp, UnlocksAndHasNoWakeUp) {
    start();
    EXPECT_TRUE(bus->execute(Unlock{1}));
    EXPECT_THAT(commands(), Contains("unlock"));
    EXPECT_EQ(bus->execute(WakeUp{1}).error().code, Errc::unsupported);
}

TEST_F(KebaUdp, ALostDatagramIsRepeatedAndASilentBoxComesBackPaused) {
    start(",plugged=1");
    ASSERT_TRUE(limit(0));
    bus->run(3s);
    line->control("drop 1 1");
    const auto before = bus->cycles;
    bus->run(4s);
    EXPECT_GT(bus->cycles, before + 1);
    line->control("silent 1 1");
    bus->run(20s);
    commands();
    line->control("silent 1 0");
    bus->run(4s);
    EXPECT_THAT(commands(), Contains("ena 0"));
}

}  // namespace
}  // namespace busbar::adapters

// SPDX-License-Identifier: Apache-2.0
// The OpenEVSE driver against a simulated controller over literal time.
#include "adapters/openevse_charger.hpp"

#include <gmock/gmock.h>

#include "tests/adapters/simulated_frames.hpp"

namespace busbar::adapters {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

config::Profile profile() {
    config::Profile profile;
    profile.protocol = config::Protocol::rapi;
    profile.phases = 1;
    profile.limit.emplace();
    profile.limit->max_a = 80;
    profile.pacing.retries = 2;
    return profile;
}

class OpenEvse : public testing::Test {
  protected:
    void start(const std::string& box = "openevse:1") {
        line = std::make_unique<test::SimulatedFrames>(clock, std::vector<std::string>{box});
        charger = std::make_unique<OpenEvseCharger>(
            profile(), placement, *line,
            Log([this](const LogRecord& record) { events.emplace_back(record.event); }));
        bus.emplace(*charger, *line, clock);
    }
    Reading reading() { return charger->snapshot().at(0); }
    bool limit(double amperes) { return bus->execute(SetLimit{1, Amperes(amperes)}).has_value(); }
    bool shows(const std::string& what) {
        const auto shown = line->control("show 1");
        return shown.find(what) != std::string::npos;
    }
    /// What was sent since the last call, without checksums and sequence ids; only commands that change.
    std::vector<std::string> changes() {
        std::vector<std::string> result;
        for (const auto& frame : std::exchange(line->sent, {})) {
            auto command = frame.substr(1, frame.find('^') - 1);
            command = command.substr(0, command.find(" :"));
            if (command[0] != 'G') result.push_back(command);
        }
        return result;
    }

    SteadyTime clock{100s};
    Placement placement{1, {}, 1s, {Amperes(32), Amperes(0), 1, Volts(230)}};
    std::unique_ptr<test::SimulatedFrames> line;
    std::unique_ptr<OpenEvseCharger> charger;
    std::optional<test::BusOfOne> bus;
    std::vector<std::string> events;
};

TEST_F(OpenEvse, IsPausedBeforeItsBootLockIsLifted) {
    start("openevse:1,boot_lock=1,plugged=1");
    EXPECT_TRUE(limit(0));
    EXPECT_THAT(changes(), ElementsAre("FS", "SY 60 6", "SV 230000", "SB"));
    EXPECT_TRUE(shows(R"("boot_locked":false)"));
    bus->run(5s);
    EXPECT_EQ(reading().state, CpState::B1);
    EXPECT_FALSE(bus->more_than_one);
}

TEST_F(OpenEvse, LeavesTheBootLockWhileNoLimitIsKnown) {
    start("openevse:1,boot_lock=1,plugged=1");
    bus->run(10s);
    EXPECT_TRUE(shows(R"("boot_locked":true)"));
    EXPECT_TRUE(limit(10));
    EXPECT_TRUE(shows(R"("boot_locked":false)"));
    EXPECT_TRUE(shows(R"("limit_a":10)"));
}

TEST_F(OpenEvse, SetsTheCurrentBeforeItWakesTheController) {
    start("openevse:1,plugged=1");
    limit(0);
    bus->run(3s);
    changes();
    EXPECT_TRUE(limit(10));
    EXPECT_THAT(changes(), ElementsAre("SC 10 V", "FE"));
    bus->run(5s);
    EXPECT_EQ(reading().state, CpState::C2);
    EXPECT_EQ(reading().current[0]->value, Amperes(10));
    EXPECT_EQ(reading().offered, Amperes(10));
    EXPECT_TRUE(shows(R"("stored_a":32)"));
}

TEST_F(OpenEvse, PausesBySleepAndNeverUnderLoad) {
    start("openevse:1,plugged=1");
    limit(16);
    bus->run(5s);
    changes();
    EXPECT_TRUE(limit(0));
    bus->run(10s);
    EXPECT_THAT(changes(), ElementsAre("FS"));
    EXPECT_TRUE(shows(R"("opened_under_load":0)"));
    EXPECT_EQ(reading().state, CpState::B1);
    EXPECT_EQ(reading().offered, Amperes(0));
}

TEST_F(OpenEvse, ALimitBelowTheMinimumPausesAndAFractionIsRoundedDown) {
    start("openevse:1,plugged=1");
    EXPECT_TRUE(limit(5.9));
    EXPECT_TRUE(shows(R"("sleeping":true)"));
    EXPECT_TRUE(limit(7.9));
    EXPECT_TRUE(shows(R"("set_a":7)"));
}

TEST_F(OpenEvse, NarrowsItsCapabilitiesToTheHardware) {
    start("openevse:1,hardware_max_a=24");
    EXPECT_EQ(charger->capabilities().max_current, Amperes(80));
    bus->run(2s);
    EXPECT_EQ(charger->capabilities().max_current, Amperes(24));
    EXPECT_EQ(charger->capabilities().min_current, Amperes(6));
    EXPECT_TRUE(limit(32));
    EXPECT_TRUE(shows(R"("set_a":24)"));
}

TEST_F(OpenEvse, PutsBackWhatTheControllerForgets) {
    start("openevse:1,pp_auto=1");
    limit(10);
    bus->run(2s);
    line->control("plug 1");
    bus->run(6s);
    EXPECT_TRUE(shows(R"("set_a":10)"));
    EXPECT_EQ(reading().state, CpState::C2);
    EXPECT_EQ(reading().offered, Amperes(10));
}

TEST_F(OpenEvse, AfterABootEverythingVolatileIsSetAgain) {
    start("openevse:1,plugged=1,boot_lock=1");
    limit(10);
    bus->run(5s);
    changes();
    line->control("power_cycle 1");
    bus->run(8s);
    EXPECT_THAT(changes(), AllOf(Contains("SC 10 V"), Contains("SV 230000"), Contains("SB"),
                                 Not(Contains("SY 60 6"))));  // that one is stored
    EXPECT_THAT(events, Contains("charger_restarted"));
    EXPECT_TRUE(shows(R"("limit_a":10)"));
    EXPECT_EQ(reading().state, CpState::C2);
}

TEST_F(OpenEvse, PulsesInTimeAndAcknowledgesWhatWasMissed) {
    placement.installation.failsafe_current = Amperes(8);
    start("openevse:1,plugged=1");
    limit(16);
    bus->run(5min);
    EXPECT_TRUE(shows(R"("heartbeat_a":8)"));
    EXPECT_TRUE(shows(R"("heartbeat_trigger":0)"));
    clock += 2min;  // the gateway hangs
    EXPECT_TRUE((line->control("show 1"), shows(R"("limit_a":8)")));
    bus->run(30s);
    EXPECT_TRUE(shows(R"("heartbeat_trigger":1)"));
    EXPECT_TRUE(shows(R"("limit_a":16)"));
    EXPECT_THAT(changes(), Contains("SY 165").Times(1));
}

TEST_F(OpenEvse, WritesTheSupervisionOnlyWhenItDiffers) {
    start();
    limit(0);
    bus->run(3s);
    EXPECT_TRUE(shows(R"("stored_writes":1)"));
    auto second = OpenEvseCharger(profile(), placement, *line, Log());
    changes();
    for (int i = 0; i < 100; ++i) {
        const auto next = second.poll(clock);
        clock = std::max(clock, next ? next->at : clock + 1s);
    }
    EXPECT_TRUE(shows(R"("stored_writes":1)"));
}

TEST_F(OpenEvse, ReportsWhatItMeasures) {
    start("openevse:1,plugged=1,energy_wh=5000,firmware=7.1.3,serial=CAFE01");
    limit(16);
    bus->run(60s);
    const auto seen = reading();
    EXPECT_NEAR(seen.energy_import->value.value(), 5000 + 230 * 16 * 58.0 / 3600, 5);
    EXPECT_NEAR(seen.energy_session->value.value(), 230 * 16 * 58.0 / 3600, 5);
    line->control("unplug 1");
    bus->run(3s);
    EXPECT_NEAR(reading().energy_import->value.value(), seen.energy_import->value.value(), 5);
    EXPECT_EQ(seen.temperature, Celsius(31.2));
    EXPECT_FALSE(seen.power);
    EXPECT_FALSE(seen.voltage[0]);  // the controller only repeats what it was told
    EXPECT_FALSE(seen.current[1]);
    EXPECT_EQ(charger->identity().firmware, "7.1.3");
    EXPECT_EQ(charger->identity().serial, "CAFE01");
}

TEST_F(OpenEvse, TrustsAVoltmeterAndNoMissingAmmeter) {
    start("openevse:1,plugged=1,ammeter=0,voltmeter=1");
    limit(16);
    bus->run(5s);
    EXPECT_EQ(reading().voltage[0]->value, Volts(230));
    EXPECT_FALSE(reading().current[0]);
}

TEST_F(OpenEvse, OldFirmwareWithoutChecksumsIdsAndFlagsIsUnderstood) {
    start("openevse:1,plugged=1,checksums=0,sequences=0,flags=0,heartbeats=0");
    EXPECT_TRUE(limit(0));
    bus->run(5s);
    EXPECT_EQ(reading().state, CpState::B1);  // by G0
    EXPECT_TRUE(limit(12));
    bus->run(5s);
    EXPECT_EQ(reading().state, CpState::C2);
    EXPECT_THAT(line->sent, Each(Not(StartsWith("$SY"))));
}

TEST_F(OpenEvse, SingleLostAndDamagedAnswersCostNothing) {
    start("openevse:1,plugged=1");
    limit(16);
    bus->run(5s);
    for (const auto* fault : {"drop 1 1", "garble 1 1", "garble 1 2", "delay 1 700 1"}) {
        line->control(fault);
        bus->run(5s);
        EXPECT_EQ(reading().state, CpState::C2) << fault;
        EXPECT_GT(reading().taken_at, clock - 3s) << fault;
        EXPECT_TRUE(shows(R"("set_a":16)")) << fault;
    }
}

TEST_F(OpenEvse, ALateAnswerIsNotTakenForAnother) {
    start("openevse:1,plugged=1,sequences=0");
    limit(16);
    bus->run(5s);
    for (int i = 0; i < 12; ++i) {
        line->control("delay 1 700 1");
        bus->run(3100ms);
        EXPECT_EQ(reading().state, CpState::C2);
        EXPECT_EQ(reading().current[0]->value, Amperes(16));
        EXPECT_GT(reading().energy_import->value, WattHours(1'234'000));
    }
}

TEST_F(OpenEvse, SilenceIsAnErrorAndThenANewBeginning) {
    start("openevse:1,plugged=1");
    limit(16);
    bus->run(5s);
    line->control("silent 1 1");
    clock += 2s;
    bool failed = false;
    for (int i = 0; i < 30; ++i) {
        const auto next = charger->poll(clock);
        failed = failed || !next;
        if (!next) {
            EXPECT_EQ(next.error().code, Errc::timeout);
        }
        clock = std::max(clock, next ? next->at : clock + 1s);
    }
    EXPECT_TRUE(failed);
    line->control("silent 1 0");
    changes();
    bus->run(5s);
    EXPECT_THAT(changes(), Contains("SV 230000"));
    EXPECT_EQ(reading().state, CpState::C2);
    EXPECT_GT(reading().taken_at, clock - 3s);
}

TEST_F(OpenEvse, ShowsFaultsWithTheirCode) {
    start("openevse:1,plugged=1");
    limit(16);
    bus->run(5s);
    line->control("fault 1 no_ground");
    bus->run(2s);
    EXPECT_EQ(reading().fault->code, FaultCode::GroundFailure);
    EXPECT_EQ(reading().fault->vendor_code, "07");
    line->control("clear 1");
    bus->run(5s);
    EXPECT_FALSE(reading().fault);
    EXPECT_EQ(reading().state, CpState::C2);
}

TEST_F(OpenEvse, WakesACarByANap) {
    start("openevse:1,plugged=1");
    line->control("sleep 1");
    limit(0);
    bus->run(5s);
    limit(16);
    bus->run(10s);
    ASSERT_EQ(reading().state, CpState::B2);
    changes();
    EXPECT_TRUE(bus->execute(WakeUp{1}));
    EXPECT_THAT(changes(), ElementsAre("FS", "FE"));
    bus->run(5s);
    EXPECT_EQ(reading().state, CpState::C2);
}

TEST_F(OpenEvse, APausedControllerWakesNobody) {
    start("openevse:1,plugged=1");
    limit(0);
    const auto done = bus->execute(WakeUp{1});
    EXPECT_EQ(done.error().code, Errc::refused);
    EXPECT_TRUE(shows(R"("sleeping":true)"));
}

TEST_F(OpenEvse, UnlocksTheSocketAndGivesItBackToAutomaticAfterTheCar) {
    start("openevse:1,plugged=1,socket_lock=1");
    limit(0);
    bus->run(3s);
    EXPECT_TRUE(charger->capabilities().unlock);
    changes();
    EXPECT_TRUE(bus->execute(Unlock{1}));
    EXPECT_TRUE(shows(R"("lock_closed":false)"));
    bus->run(3s);
    EXPECT_THAT(changes(), ElementsAre("S5 M", "S5 0"));
    line->control("unplug 1");
    bus->run(3s);
    EXPECT_THAT(changes(), ElementsAre("S5 A"));
}

TEST_F(OpenEvse, WithoutALockThereIsNothingToUnlock) {
    start();
    bus->run(3s);
    EXPECT_FALSE(charger->capabilities().unlock);
    EXPECT_EQ(bus->execute(Unlock{1}).error().code, Errc::unsupported);
}

TEST_F(OpenEvse, RebootsWithoutWaitingForAnAnswer) {
    start("openevse:1,plugged=1");
    limit(10);
    bus->run(5s);
    changes();
    EXPECT_TRUE(bus->execute(Reboot{}));
    bus->run(8s);
    EXPECT_THAT(changes(), AllOf(Contains("FR"), Contains("SC 10 V")));
    EXPECT_TRUE(shows(R"("set_a":10)"));
    EXPECT_EQ(reading().state, CpState::C2);
}

TEST_F(OpenEvse, RefreshReadsEverythingAnew) {
    start("openevse:1,plugged=1");
    limit(16);
    bus->run(5s);
    const auto before = reading().energy_import->taken_at;
    line->sent.clear();
    EXPECT_TRUE(bus->execute(Refresh{1}));
    EXPECT_GT(reading().energy_import->taken_at, before);
    EXPECT_THAT(line->sent, Contains(StartsWith("$GP")));
}

TEST_F(OpenEvse, NeverSendsWhatCannotBeUndone) {
    start("openevse:1,plugged=1,socket_lock=1,boot_lock=1");
    for (const double amperes : {0.0, 16.0, 6.0, 0.0, 32.0, 80.0}) {
        limit(amperes);
        bus->run(5s);
    }
    static_cast<void>(bus->execute(WakeUp{1}));
    static_cast<void>(bus->execute(Unlock{1}));
    static_cast<void>(bus->execute(Reboot{}));
    bus->run(5s);
    EXPECT_THAT(line->sent,
                Each(AllOf(Not(StartsWith("$FD")), Not(StartsWith("$FF")), Not(StartsWith("$FC")))));
    for (const auto& frame : line->sent) {
        if (frame.starts_with("$SC")) {
            EXPECT_THAT(frame, HasSubstr(" V")) << frame;
        }
    }
    EXPECT_FALSE(bus->more_than_one);
}

}  // namespace
}  // namespace busbar::adapters

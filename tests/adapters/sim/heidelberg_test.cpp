// SPDX-License-Identifier: Apache-2.0
// The Heidelberg box over literal time: car, limits, meter, watchdog, standby, locks, faults.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "adapters/sim/heidelberg_box.hpp"
#include "tests/adapters/sim/master.hpp"

namespace busbar::sim {
namespace {

using test::at;

enum : std::uint16_t { A1 = 2, A2, B1, B2, C1, C2, derating, E, F, ERR };

/// A box whose watchdog is off unless the test asks for it, so that silence alone changes nothing.
class Heidelberg : public testing::Test {
  protected:
    HeidelbergOptions options;
    int speed = 1;
    std::optional<HeidelbergBox> made;

    HeidelbergBox& box() {
        if (!made) {
            made.emplace(options, BoxSetup{1, speed, at(0ms)});
            made->write(257, 0);
        }
        return *made;
    }
    std::uint16_t input(std::uint16_t address) { return box().read(Space::input, address).value(); }
    std::uint16_t state() { return input(5); }
    Bytes write(std::uint16_t address, std::uint16_t value) {
        return box().exchange(test::write_single(address, value)).value();
    }
    bool answers() { return box().exchange(test::read_input(5, 1)).has_value(); }
    std::uint32_t energy(std::uint16_t high) {
        return (std::uint32_t{input(high)} << 16) | input(static_cast<std::uint16_t>(high + 1));
    }
};

TEST_F(Heidelberg, WithoutACarSaysWhetherItOffers) {
    EXPECT_EQ(state(), A2);
    write(261, 0);
    EXPECT_EQ(state(), A1);
}

TEST_F(Heidelberg, APluggedCarAsksAfterASecondAndDrawsTheLimit) {
    write(261, 100);
    box().car().plug();
    EXPECT_EQ(state(), B2);
    box().advance(at(900ms));
    EXPECT_EQ(state(), B2);
    box().advance(at(1s));
    EXPECT_EQ(state(), C2);
    box().advance(at(2s));
    EXPECT_EQ(input(6), 100);
    EXPECT_EQ(input(7), 100);
    EXPECT_EQ(input(8), 100);
    EXPECT_EQ(input(10), 230);
    EXPECT_EQ(input(14), 6900);
}

TEST_F(Heidelberg, ACarPluggedIntoAPausedBoxWaitsInB1) {
    write(261, 0);
    box().car().plug();
    box().advance(at(60s));
    EXPECT_EQ(state(), B1);
    EXPECT_EQ(input(6), 0);
}

TEST_F(Heidelberg, APauseRampsDownAndTheCarStopsAsking) {
    box().car().plug();
    box().advance(at(10s));
    EXPECT_EQ(input(6), 160);
    write(261, 0);
    EXPECT_EQ(state(), C1);
    box().advance(at(10s + 500ms));
    EXPECT_EQ(input(6), 80);
    box().advance(at(11s));
    EXPECT_EQ(input(6), 0);
    EXPECT_EQ(state(), C1);
    box().advance(at(12s));
    EXPECT_EQ(state(), B1);
}

TEST_F(Heidelberg, ACommandBelowSixAmperesIsTakenAndPauses) {
    box().car().plug();
    EXPECT_FALSE(is_exception(write(261, 59)));
    box().advance(at(5s));
    EXPECT_EQ(state(), B1);
    EXPECT_FALSE(is_exception(write(261, 60)));
    box().advance(at(10s));
    EXPECT_EQ(input(6), 60);
}

TEST_F(Heidelberg, TheCurrentIsTheSmallestOfCommandCarAndHardware) {
    options.car.plugged = true;
    options.car.max_a = 13;
    options.hardware_max_a = 14;
    box().advance(at(5s));
    EXPECT_EQ(input(6), 130);
    write(261, 72);
    box().advance(at(10s));
    EXPECT_EQ(input(6), 72);

    made.reset();
    options.car.max_a = 32;
    box().advance(at(5s));
    EXPECT_EQ(input(6), 140);
    EXPECT_EQ(input(100), 14);
}

TEST_F(Heidelberg, AOnePhaseCarLoadsL1Only) {
    options.car.plugged = true;
    options.car.phases = 1;
    box().advance(at(5s));
    EXPECT_EQ(input(6), 160);
    EXPECT_EQ(input(7), 0);
    EXPECT_EQ(input(8), 0);
    EXPECT_EQ(input(14), 3680);
}

TEST_F(Heidelberg, AnHourAtSixteenAmperesIsElevenKilovoltamperehours) {
    options.car = {.plugged = true, .battery_wh = 100'000, .max_a = 16, .phases = 3};
    options.energy_wh = 100'000;
    box().advance(at(1min));
    const auto before = energy(17);
    box().advance(at(61min));
    EXPECT_NEAR(energy(17) - before, 11'040, 1);
    EXPECT_EQ(energy(17), energy(15) + 100'000);
}

TEST_F(Heidelberg, EnergyIsTwoWordsHighOneFirst) {
    options.energy_wh = 0x0012'3456;
    options.energy_since_power_on_wh = 0x0001'0002;
    EXPECT_EQ(input(17), 0x0012);
    EXPECT_EQ(input(18), 0x3456);
    EXPECT_EQ(input(15), 0x0001);
    EXPECT_EQ(input(16), 0x0002);
}

TEST_F(Heidelberg, SpeedHurriesBatteryAndMeterButNotPower) {
    speed = 60;
    options.car = {.plugged = true, .battery_wh = 100'000, .max_a = 16, .phases = 3};
    options.energy_wh = 0;
    box().advance(at(10s));
    const auto before = energy(17);
    box().advance(at(70s));
    EXPECT_NEAR(energy(17) - before, 11'040, 1);
    EXPECT_EQ(input(14), 11'040);
}

TEST_F(Heidelberg, AFullCarStopsAskingAndResumesWhenItHasRoom) {
    options.car = {.plugged = true, .battery_wh = 184, .max_a = 16, .phases = 3};  // one minute at 11 kVA
    box().advance(at(30s));
    EXPECT_EQ(state(), C2);
    box().advance(at(70s));
    EXPECT_EQ(state(), B2);
    EXPECT_EQ(input(6), 0);
    box().car().set_battery(5'000);
    box().advance(at(80s));
    EXPECT_EQ(state(), C2);
}

TEST_F(Heidelberg, UnpluggingEndsTheCurrentAtOnce) {
    options.car.plugged = true;
    box().advance(at(10s));
    box().car().unplug();
    EXPECT_EQ(state(), A2);
    EXPECT_EQ(input(6), 0);
}

TEST_F(Heidelberg, AfterTheWatchdogTheFailsafeCurrentRulesUntilATelegram) {
    options.car.plugged = true;
    box();
    write(257, 15'000);
    write(262, 80);
    box().advance(at(14s + 900ms));
    EXPECT_EQ(input(6), 160);
    EXPECT_FALSE(box().show()["watchdog_expired"]);
    box().advance(at(15s));
    EXPECT_TRUE(box().show()["watchdog_expired"]);
    EXPECT_EQ(box().show()["limit_a"], 8.0);
    box().advance(at(20s));
    EXPECT_EQ(input(6), 80);
    EXPECT_TRUE(answers());
    EXPECT_EQ(box().show()["limit_a"], 16.0);
    box().advance(at(25s));
    EXPECT_EQ(input(6), 160);
}

TEST_F(Heidelberg, AnyTelegramRearmsTheWatchdogEvenARefusedOne) {
    box();
    write(257, 1'000);
    box().advance(at(900ms));
    EXPECT_TRUE(is_exception(box().exchange(test::read_holding(9'999, 1)).value()));
    box().advance(at(1'800ms));
    EXPECT_FALSE(box().show()["watchdog_expired"]);
    box().advance(at(1'900ms));
    EXPECT_TRUE(box().show()["watchdog_expired"]);
}

TEST_F(Heidelberg, FailsafeZeroPausesAndTheCommandIsKept) {
    options.car.plugged = true;
    box();
    write(257, 1'000);
    box().advance(at(10s));
    EXPECT_EQ(state(), B1);
    EXPECT_TRUE(answers());
    box().advance(at(10s + 500ms));
    EXPECT_EQ(state(), B2);
}

TEST_F(Heidelberg, WithTheFieldsQuirkFailsafeZeroIsStateFForTenSeconds) {
    options.failsafe_zero_is_error = true;
    options.car.plugged = true;
    box();
    write(257, 1'000);
    box().advance(at(2s));
    EXPECT_EQ(state(), F);
    write(257, 60'000);
    box().advance(at(10s + 900ms));
    EXPECT_EQ(state(), F);
    box().advance(at(11s));
    EXPECT_EQ(state(), B2);
}

TEST_F(Heidelberg, StandbySwallowsTheTelegramThatWakesIt) {
    box().advance(at(779s));
    EXPECT_TRUE(answers());  // being polled does not keep it awake
    box().advance(at(780s));
    EXPECT_TRUE(box().show()["standby"]);
    EXPECT_FALSE(answers());
    EXPECT_TRUE(answers());
    box().advance(at(780s + 780s));
    EXPECT_FALSE(answers());
}

TEST_F(Heidelberg, StandbyDisabledOrACarKeepsItAwake) {
    write(258, 4);
    box().advance(at(1h));
    EXPECT_TRUE(answers());
    write(258, 0);
    box().car().plug();
    box().advance(at(2h));
    EXPECT_TRUE(answers());
    box().car().unplug();
    box().advance(at(2h + 780s));
    EXPECT_FALSE(answers());
}

TEST_F(Heidelberg, ACarWakesItFromStandby) {
    box().advance(at(800s));
    box().car().plug();
    box().advance(at(801s));
    EXPECT_TRUE(answers());
}

TEST_F(Heidelberg, EitherLockMeansStateFAndNoCurrent) {
    options.externally_locked = true;
    options.car.plugged = true;
    box().advance(at(5s));
    EXPECT_EQ(state(), F);
    EXPECT_EQ(input(13), 0);
    EXPECT_EQ(input(6), 0);
    ASSERT_TRUE(box().lock(false));
    EXPECT_EQ(input(13), 1);
    box().advance(at(10s));
    EXPECT_EQ(state(), C2);
    write(259, 0);
    EXPECT_EQ(state(), F);
    box().advance(at(15s));
    EXPECT_EQ(input(6), 0);
}

TEST_F(Heidelberg, UnlockingRemotelyShowsStateFForTenSeconds) {
    options.car.plugged = true;
    box();
    write(259, 0);
    box().advance(at(1s));
    write(259, 1);
    box().advance(at(10s + 900ms));
    EXPECT_EQ(state(), F);
    box().advance(at(11s));
    EXPECT_EQ(state(), B2);
    write(259, 1);
    EXPECT_EQ(state(), B2) << "writing what is there is no unlocking";
}

TEST_F(Heidelberg, ASleepingCarNeedsTheLockCycleToAskAgain) {
    options.car.plugged = true;
    box().car().sleep_when_paused();
    box().advance(at(5s));
    EXPECT_EQ(state(), C2);
    write(261, 0);
    box().advance(at(10s));
    write(261, 160);
    box().advance(at(1h));
    EXPECT_EQ(state(), B2);
    write(259, 0);
    box().advance(at(1h + 1s));
    write(259, 1);
    box().advance(at(1h + 13s));
    EXPECT_EQ(state(), C2);
}

TEST_F(Heidelberg, PowerCycleForgetsTheSettingsAndIsSilentForThreeSeconds) {
    options.car.plugged = true;
    box();
    write(261, 80);
    write(258, 4);
    box().advance(at(1min));
    const auto lifetime = energy(17);
    box().power_cycle();
    EXPECT_EQ(input(6), 0);
    box().advance(at(1min + 2s + 900ms));
    EXPECT_FALSE(answers());
    box().advance(at(1min + 3s));
    EXPECT_TRUE(answers());
    EXPECT_EQ(box().read(Space::holding, 257), 15'000);
    EXPECT_EQ(box().read(Space::holding, 258), 0);
    EXPECT_EQ(box().read(Space::holding, 261), 160);
    EXPECT_EQ(energy(15), 0U);
    EXPECT_EQ(energy(17), lifetime);
}

TEST_F(Heidelberg, FaultsStopTheCurrentUntilCleared) {
    options.car.plugged = true;
    const std::vector<std::pair<std::string, std::uint16_t>> faults{{"E", E}, {"F", F}, {"ERR", ERR}};
    SteadyTime::duration time = 5s;
    for (const auto& [name, number] : faults) {
        box().advance(at(time));
        EXPECT_EQ(state(), C2);
        ASSERT_TRUE(box().fault(name));
        EXPECT_EQ(state(), number);
        box().advance(at(time + 1s));
        EXPECT_EQ(input(6), 0);
        box().clear_fault();
        time += 10s;
    }
}

TEST_F(Heidelberg, OvertemperatureReducesTheCurrent) {
    options.car.plugged = true;
    ASSERT_TRUE(box().fault("overtemperature"));
    box().advance(at(5s));
    EXPECT_EQ(state(), derating);
    EXPECT_EQ(input(6), 100);
    EXPECT_EQ(input(9), 850);
}

TEST_F(Heidelberg, AnUnknownFaultNamesTheKnownOnes) {
    const auto result = box().fault("smoke");
    ASSERT_FALSE(result);
    EXPECT_THAT(result.error().detail, testing::HasSubstr("overtemperature"));
}

}  // namespace
}  // namespace busbar::sim

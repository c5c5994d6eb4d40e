// SPDX-License-Identifier: Apache-2.0
// One lifetime energy, whatever the charger counts.
#include "ocpp/energy_register.hpp"

#include <gtest/gtest.h>

namespace busbar::ocpp {
namespace {

/// Feeds an EnergyRegister one reading a second.
class Meter {
  public:
    explicit Meter(std::string_view saved = {}) : energy(saved) {}

    double lifetime(double watt_hours) {
        Reading reading = next();
        reading.energy_import = Measured<WattHours>{WattHours(watt_hours), reading.taken_at};
        return update(reading, std::nullopt);
    }
    double session(double watt_hours) {
        Reading reading = next();
        reading.energy_session = Measured<WattHours>{WattHours(watt_hours), reading.taken_at};
        return update(reading, std::nullopt);
    }
    double power(std::optional<double> watts, seconds after = 1s) {
        now += after - 1s;
        return update(next(), watts ? std::optional(Watts(*watts)) : std::nullopt);
    }

    EnergyRegister energy;
    SteadyTime now{seconds(0)};
    bool in_transaction = false;

  private:
    Reading next() {
        now += seconds(1);
        Reading reading;
        reading.taken_at = now;
        return reading;
    }
    double update(const Reading& reading, std::optional<Watts> power) {
        energy.update(reading, power, in_transaction);
        return energy.value() ? energy.value()->value.value() : -1;
    }
};

TEST(EnergyRegister, PassesALifetimeRegisterOnAsItIs) {
    Meter meter;
    EXPECT_FALSE(meter.energy.value());
    EXPECT_EQ(meter.energy.origin(), EnergyOrigin::none);
    EXPECT_EQ(meter.lifetime(123'456), 123'456);
    EXPECT_TRUE(meter.energy.should_save());  // its first sight
    meter.energy.on_saved();
    EXPECT_EQ(meter.lifetime(123'460.5), 123'460.5);
    EXPECT_EQ(meter.energy.origin(), EnergyOrigin::lifetime);
    EXPECT_EQ(meter.energy.value()->taken_at, meter.now);
    EXPECT_FALSE(meter.energy.should_save());
}

TEST(EnergyRegister, ARegisterFirstSeenInATransactionGoesOnFromWhatWasIntegrated) {
    Meter meter;
    meter.in_transaction = true;
    meter.power(3600);
    EXPECT_EQ(meter.power(3600, 10s), 10);
    EXPECT_EQ(meter.lifetime(13'265), 10);
    EXPECT_EQ(meter.lifetime(13'300), 45);
    Meter restarted(meter.energy.record());
    restarted.in_transaction = true;
    EXPECT_EQ(restarted.lifetime(13'310), 55);
    restarted.in_transaction = false;
    EXPECT_EQ(restarted.lifetime(13'310), 13'310);
}

TEST(EnergyRegister, ARegisterFirstSeenOutsideOfTransactionsIsPassedOnAsItIs) {
    Meter meter;
    meter.power(3600);
    meter.power(3600, 10s);
    EXPECT_EQ(meter.lifetime(13'265), 13'265);
}

TEST(EnergyRegister, ASessionCounterFirstSeenGoesOnFromWhatWasIntegrated) {
    Meter meter;
    meter.power(3600);
    EXPECT_EQ(meter.power(3600, 10s), 10);
    EXPECT_EQ(meter.session(500), 10);
    EXPECT_EQ(meter.session(520), 30);
}

TEST(EnergyRegister, ALifetimeRegisterIsSavedEachFiveKilowattHours) {
    Meter meter;
    meter.lifetime(5000);
    meter.energy.on_saved();
    meter.lifetime(9999);
    EXPECT_FALSE(meter.energy.should_save());
    meter.lifetime(10'000);
    EXPECT_TRUE(meter.energy.should_save());
}

TEST(EnergyRegister, ASingleBogusZeroIsPassedOver) {
    Meter meter;
    meter.lifetime(5000);
    const SteadyTime good = meter.now;
    EXPECT_EQ(meter.lifetime(0), 5000);
    EXPECT_EQ(meter.energy.value()->taken_at, good);  // and does not look fresh
    EXPECT_EQ(meter.lifetime(5010), 5010);
    for (int i = 0; i < 4; ++i) EXPECT_EQ(meter.lifetime(0), 5010);
    EXPECT_EQ(meter.lifetime(5020), 5020);
    EXPECT_EQ(meter.lifetime(0), 5020);  // the count of lower readings began anew
}

TEST(EnergyRegister, AnExchangedMeterGoesOnFromTheLastValue) {
    Meter meter;
    meter.lifetime(5000);
    for (int i = 0; i < 4; ++i) EXPECT_EQ(meter.lifetime(7), 5000);
    EXPECT_EQ(meter.lifetime(7), 5000);
    EXPECT_TRUE(meter.energy.should_save());
    EXPECT_EQ(meter.lifetime(17), 5010);
    EXPECT_EQ(meter.lifetime(16), 5010);  // also before anybody has saved it

    Meter restarted(meter.energy.record());
    EXPECT_EQ(restarted.lifetime(27), 5020);
}

TEST(EnergyRegister, AFlickerOfTheLastDigitNeverGoesBack) {
    Meter meter;
    EXPECT_EQ(meter.lifetime(5100), 5100);
    EXPECT_EQ(meter.lifetime(5000), 5100);
    EXPECT_EQ(meter.energy.value()->taken_at, meter.now);
    EXPECT_EQ(meter.lifetime(5200), 5200);
}

TEST(EnergyRegister, AnUnreadableRegisterIsNotReplacedByAGuess) {
    Meter meter;
    meter.lifetime(5000);
    EXPECT_EQ(meter.power(7200), 5000);
    EXPECT_EQ(meter.session(10), 5000);
    EXPECT_EQ(meter.energy.origin(), EnergyOrigin::lifetime);

    Meter restarted(meter.energy.record());
    EXPECT_EQ(restarted.power(7200), 5000);
    EXPECT_EQ(restarted.power(7200), 5000);
    EXPECT_EQ(restarted.lifetime(5008), 5008);
}

TEST(EnergyRegister, ASessionCounterAddsUpOverSessions) {
    Meter meter;
    EXPECT_EQ(meter.session(0), 0);
    EXPECT_EQ(meter.session(1200), 1200);
    EXPECT_EQ(meter.energy.origin(), EnergyOrigin::accumulated);
    EXPECT_EQ(meter.session(0), 1200);
    EXPECT_TRUE(meter.energy.should_save());
    meter.energy.on_saved();
    EXPECT_EQ(meter.session(300), 1500);

    Meter restarted(meter.energy.record());
    EXPECT_EQ(restarted.energy.value()->value, WattHours(1500));
    EXPECT_EQ(restarted.session(350), 1550);
    EXPECT_EQ(restarted.session(20), 1570);
}

TEST(EnergyRegister, AfterARestartACounterThatIsReadBeforeTheRegisterAddsNothing) {
    Meter before;
    before.lifetime(1'501'872);
    Meter after(before.energy.record());
    EXPECT_EQ(after.session(1872), 1'501'872);
    EXPECT_EQ(after.energy.origin(), EnergyOrigin::none);
    EXPECT_EQ(after.lifetime(1'501'893), 1'501'893);
}

TEST(EnergyRegister, ARegisterFirstSeenAfterACounterGoesOnFromItUntilTheTransactionEnds) {
    Meter meter;
    EXPECT_EQ(meter.session(1872), 1872);
    meter.in_transaction = true;
    EXPECT_EQ(meter.session(1880), 1880);
    EXPECT_EQ(meter.lifetime(1'501'880), 1880);
    EXPECT_EQ(meter.lifetime(1'501'900), 1900);
    meter.in_transaction = false;
    EXPECT_EQ(meter.lifetime(1'501'900), 1'501'900);
}

TEST(EnergyRegister, ARegisterThatNeverComesBackIsFollowedByTheCounterThatIsThere) {
    Meter before;
    before.lifetime(1'501'872);
    Meter after(before.energy.record());
    for (int i = 1; i < EnergyRegister::register_missing_readings; ++i)
        EXPECT_EQ(after.session(10), 1'501'872);
    EXPECT_EQ(after.session(10), 1'501'872);
    EXPECT_EQ(after.session(15), 1'501'877);
    Meter again(after.energy.record());
    EXPECT_EQ(again.session(20), 1'501'882);
}

TEST(EnergyRegister, ARegisterThatIsSilentAfterARestartIsNotReplacedByPower) {
    Meter before;
    before.lifetime(3964);
    Meter after(before.energy.record());
    for (int i = 0; i <= EnergyRegister::register_missing_readings; ++i) EXPECT_EQ(after.power(7000), 3964);
    EXPECT_EQ(after.lifetime(3990), 3990);
}

TEST(EnergyRegister, WhatWasSavedIsStaleUntilTheFirstReading) {
    Meter meter;
    meter.session(700);
    const EnergyRegister restarted(meter.energy.record());
    EXPECT_LT(restarted.value()->taken_at, SteadyTime() - std::chrono::hours(1));
}

TEST(EnergyRegister, IntegratesPowerWhereNothingCounts) {
    Meter meter;
    EXPECT_EQ(meter.power(3600), 0);
    EXPECT_DOUBLE_EQ(meter.power(3600), 1);
    EXPECT_DOUBLE_EQ(meter.power(7200), 2.5);  // the mean of both ends
    EXPECT_EQ(meter.energy.origin(), EnergyOrigin::integrated);
    EXPECT_DOUBLE_EQ(meter.power(7200, 60s), 122.5);
    EXPECT_DOUBLE_EQ(meter.power(7200, 61s), 122.5);  // nobody knows what happened in so long a gap
    EXPECT_DOUBLE_EQ(meter.power(std::nullopt), 122.5);
    EXPECT_DOUBLE_EQ(meter.power(7200), 126.5);

    Meter restarted(meter.energy.record());
    EXPECT_DOUBLE_EQ(restarted.power(3600), 126.5);
    EXPECT_DOUBLE_EQ(restarted.power(3600), 127.5);
}

TEST(EnergyRegister, AsksToBeSavedWhenLosingItWouldShow) {
    Meter meter;
    meter.session(0);
    meter.session(249);
    EXPECT_FALSE(meter.energy.should_save());
    meter.session(250);
    EXPECT_TRUE(meter.energy.should_save());
    meter.energy.on_saved();
    EXPECT_FALSE(meter.energy.should_save());
}

TEST(EnergyRegister, DamagedRecordsStartAnew) {
    for (const char* damaged : {"", "{", "[]", "7", R"({"offset":"x"})"}) {
        Meter meter(damaged);
        EXPECT_EQ(meter.lifetime(42), 42) << damaged;
    }
}

TEST(EnergyRegister, HasANameForEachOrigin) {
    EXPECT_EQ(name_of(EnergyOrigin::none), "none");
    EXPECT_EQ(name_of(EnergyOrigin::integrated), "integrated");
}

}  // namespace
}  // namespace busbar::ocpp

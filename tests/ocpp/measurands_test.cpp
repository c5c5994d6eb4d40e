// SPDX-License-Identifier: Apache-2.0
// What of a reading is fresh enough to be told, and how each measurand looks on the wire.
#include "ocpp/measurands.hpp"

#include <gmock/gmock.h>

#include "ocpp/json_bridge.hpp"

namespace busbar::ocpp {
namespace {

using testing::ElementsAre;

constexpr SteadyTime now{seconds(1000)};

template <class Quantity>
Measured<Quantity> measured(double value, seconds age = 0s) {
    return {Quantity(value), now - age};
}

/// Three phases with everything measured, `age` ago.
Reading full_reading(seconds age = 0s) {
    Reading reading;
    reading.taken_at = now - age;
    reading.power = measured<Watts>(11'040.25, age);
    for (std::size_t i = 0; i < 3; ++i) {
        reading.current.at(i) = measured<Amperes>(16.04, age);
        reading.voltage.at(i) = measured<Volts>(230, age);
    }
    reading.offered = Amperes(16);
    reading.temperature = Celsius(-0.04);
    reading.soc = Percent(80);
    return reading;
}

MeterSnapshot snapshot_of(const Reading& reading) {
    return take_snapshot(reading, measured<WattHours>(1234.9), Volts(230), now);
}

/// "value unit phase location" of each sample.
std::vector<std::string> samples_of(const MeterSnapshot& snapshot, const std::string& measurand) {
    std::vector<std::string> lines;
    for (const auto& one : sample(snapshot, {measurand}, "Sample.Periodic")) {
        EXPECT_EQ(one.measurand, measurand);
        EXPECT_EQ(one.context, "Sample.Periodic");
        EXPECT_EQ(one.format, "Raw");
        lines.push_back(one.value + " " + one.unit.value_or("-") + " " + one.phase.value_or("-") + " " +
                        one.location.value_or("-"));
    }
    return lines;
}

TEST(Measurands, LookOnTheWireAsTheSpecificationWants) {
    const MeterSnapshot meter = snapshot_of(full_reading());
    EXPECT_THAT(samples_of(meter, "Energy.Active.Import.Register"), ElementsAre("1234 Wh - Outlet"));
    EXPECT_THAT(samples_of(meter, "Power.Active.Import"), ElementsAre("11040.3 W - Outlet"));
    EXPECT_THAT(samples_of(meter, "Current.Import"),
                ElementsAre("16 A L1 Outlet", "16 A L2 Outlet", "16 A L3 Outlet"));
    EXPECT_THAT(samples_of(meter, "Voltage"),
                ElementsAre("230 V L1-N Outlet", "230 V L2-N Outlet", "230 V L3-N Outlet"));
    EXPECT_THAT(samples_of(meter, "Current.Offered"), ElementsAre("16 A - Outlet"));
    EXPECT_THAT(samples_of(meter, "SoC"), ElementsAre("80 Percent - EV"));
    EXPECT_THAT(samples_of(meter, "Temperature"), ElementsAre("0 Celcius - Body"));  // sic, and never -0
}

TEST(Measurands, WhatIsNotThereIsLeftOut) {
    Reading bare;
    bare.taken_at = now;
    const MeterSnapshot meter = take_snapshot(bare, std::nullopt, Volts(230), now);
    EXPECT_TRUE(sample(meter,
                       {"Energy.Active.Import.Register", "Power.Active.Import", "Current.Import", "Voltage",
                        "Current.Offered", "SoC", "Temperature", "NoSuch"},
                       "Trigger")
                    .empty());
}

TEST(Measurands, KeepTheOrderOfTheList) {
    const auto samples = sample(snapshot_of(full_reading()), {"SoC", "Power.Active.Import"}, "Trigger");
    ASSERT_EQ(samples.size(), 2U);
    EXPECT_EQ(samples[0].measurand, "SoC");
    EXPECT_EQ(to_text(encode(samples[1])),
              R"({"value":"11040.3","context":"Trigger","format":"Raw","measurand":"Power.Active.Import",)"
              R"("location":"Outlet","unit":"W"})");
}

TEST(Measurands, AreNamedExactly) {
    EXPECT_NE(find_measurand("Voltage"), nullptr);
    EXPECT_EQ(find_measurand("voltage"), nullptr);
    EXPECT_EQ(find_measurand("Energy.Reactive.Export.Interval"), nullptr);
    EXPECT_EQ(measurand_names(),
              "Energy.Active.Import.Register, Power.Active.Import, Current.Import, "
              "Current.Offered, SoC, Temperature, Voltage");
}

TEST(MeterSnapshot, LeavesOutWhatIsOlderThanFiveSeconds) {
    const MeterSnapshot fresh = snapshot_of(full_reading(5s));
    EXPECT_TRUE(fresh.power && fresh.current[2] && fresh.voltage[0]);
    const MeterSnapshot stale = snapshot_of(full_reading(6s));
    EXPECT_FALSE(stale.power || stale.current[0] || stale.voltage[2]);
    EXPECT_TRUE(stale.energy && stale.offered && stale.temperature && stale.soc);
    const MeterSnapshot ancient = snapshot_of(full_reading(61s));
    EXPECT_FALSE(ancient.offered || ancient.temperature || ancient.soc);
    EXPECT_FALSE(take_snapshot(full_reading(), measured<WattHours>(1, 6s), Volts(230), now).energy);
}

TEST(Power, IsMeasuredElseDerivedFromTheCurrents) {
    Reading reading = full_reading();
    EXPECT_EQ(power_of(reading, Volts(100)), Watts(11'040.25));
    reading.power.reset();
    reading.current = {measured<Amperes>(10), measured<Amperes>(5), std::nullopt};
    reading.voltage = {measured<Volts>(240), std::nullopt, measured<Volts>(230)};
    EXPECT_EQ(power_of(reading, Volts(230)), Watts(10 * 240 + 5 * 230));
    reading.current = {};
    EXPECT_EQ(power_of(reading, Volts(230)), std::nullopt);
}

TEST(Power, IsNotDerivedFromOldCurrents) {
    Reading reading = full_reading();
    reading.power.reset();
    EXPECT_TRUE(snapshot_of(reading).power);
    reading.current[1] = measured<Amperes>(16, 6s);
    EXPECT_FALSE(snapshot_of(reading).power);
}

}  // namespace
}  // namespace busbar::ocpp

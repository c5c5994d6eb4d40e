// SPDX-License-Identifier: Apache-2.0
// Sums of registers as measured values.
#include "adapters/profile_measurements.hpp"

#include <gtest/gtest.h>

#include "duty_bench.hpp"

namespace busbar::adapters {
namespace {

using config::PollClass;
using config::Table;
using test::DutyBench;

config::Profile summed() {
    config::Profile profile;
    for (const auto& [name, address] : {std::pair("p1", 1), std::pair("p2", 2), std::pair("p3", 3)}) {
        auto power = test::reg(name, Table::input, address, PollClass::fast);
        power.absent = {65535};
        test::add(profile, power);
    }
    test::add(profile, test::reg("phases", Table::input, 4, PollClass::once));
    test::add(profile, test::reg("total", Table::input, 5, PollClass::fast));
    profile.measurements.power_w = {{"p1", "p2", "p3"}, {"total"}};
    return profile;
}

std::optional<Measured<Watts>> power(const DutyBench& bench) {
    Reading reading;
    take_measurements(reading, bench.profile.measurements, bench.values);
    return reading.power;
}

TEST(ProfileMeasurements, AddWhatASourceNamesAndAreAsOldAsTheOldestOfIt) {
    DutyBench bench(summed());
    bench.read("p2", {200});
    const auto oldest = bench.now;
    bench.now += 3s;
    bench.read("p1", {100});
    bench.read("p3", {300});
    ASSERT_TRUE(power(bench));
    EXPECT_EQ(power(bench)->value, Watts(600));
    EXPECT_EQ(power(bench)->taken_at, oldest);
}

TEST(ProfileMeasurements, LeaveASumOutWhileOneOfItIsUnknown) {
    DutyBench bench(summed());
    bench.read("p1", {100});
    bench.read("p2", {65535});
    bench.read("p3", {300});
    EXPECT_FALSE(power(bench));
    bench.read("total", {450});
    EXPECT_EQ(power(bench)->value, Watts(450)) << "the next source";
}

TEST(ProfileMeasurements, AddOnlyWhatThisVariantHas) {
    auto profile = summed();
    for (const auto* name : {"p2", "p3"}) profile.registers.at(name).when = {test::is("phases", {3})};
    DutyBench bench(profile);
    bench.read("phases", {1});
    for (const auto* name : {"p1", "p2", "p3"}) bench.read(name, {100});
    EXPECT_EQ(power(bench)->value, Watts(100));
    bench.profile.registers.at("p1").when = {test::is("phases", {3})};
    EXPECT_FALSE(power(bench)) << "a sum of nothing is not 0";
}

}  // namespace
}  // namespace busbar::adapters

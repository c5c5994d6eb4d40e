// SPDX-License-Identifier: Apache-2.0
// Conditions, state rules, faults and measurements over registers that are simply put there.
#include "adapters/profile_state.hpp"

#include <gtest/gtest.h>

#include "adapters/merge_meter.hpp"
#include "adapters/profile_conditions.hpp"
#include "adapters/profile_measurements.hpp"
#include "profiles.hpp"

namespace busbar::adapters {
namespace {

using config::PollClass;
using config::Table;
using test::is;

constexpr SteadyTime at(seconds time) {
    return SteadyTime(time);
}

class ProfileState : public ::testing::Test {
  protected:
    void put(const char* name, Words words, SteadyTime when = at(10s)) {
        values.store(values.span_of(profile.registers.at(name)), words, when);
    }
    Reading judge(SteadyTime now, std::optional<Reading> previous = {}, const SequenceMoments& moments = {}) {
        Reading reading;
        judge_state(reading, profile, values, previous, moments, now);
        return reading;
    }

    config::Profile profile = test::box();
    RegisterValues values{profile, 1, {}};
};

TEST_F(ProfileState, TakesTheFirstRuleThatHolds) {
    put("state", {5});
    EXPECT_EQ(judge(at(11s)).state, CpState::B2);
    put("state", {8});
    EXPECT_EQ(judge(at(11s)).state, CpState::C2);
    EXPECT_EQ(judge(at(11s)).taken_at, at(10s));
}

TEST_F(ProfileState, IsUnknownWhenNoRuleHoldsOrNothingWasRead) {
    EXPECT_EQ(judge(at(11s)).state, CpState::unknown);
    put("state", {77});
    EXPECT_EQ(judge(at(11s)).state, CpState::unknown);
}

TEST_F(ProfileState, TellsAFaultWithTheChargersOwnCode) {
    put("state", {10});
    const auto reading = judge(at(11s));
    EXPECT_EQ(reading.state, CpState::F);
    EXPECT_EQ(reading.fault, (Fault{FaultCode::InternalError, "10", "F"}));
}

TEST_F(ProfileState, KeepsTheStateWithinTheGraceOfASequence) {
    put("state", {10});
    Reading before;
    before.state = CpState::B2;
    before.derated = true;
    const SequenceMoments woken{{"wake_up", at(100s)}};
    EXPECT_EQ(judge(at(115s), before, woken).state, CpState::B2);
    EXPECT_TRUE(judge(at(115s), before, woken).derated);
    EXPECT_FALSE(judge(at(115s), before, woken).fault);
    EXPECT_EQ(judge(at(116s), before, woken).state, CpState::F);
}

TEST_F(ProfileState, AddsTheFirstFaultWhoseBitsAreSetWithTheWholeWordAsCode) {
    test::add(profile, test::reg("errors", Table::input, 20, PollClass::fast));
    config::Condition leakage;
    leakage.reg = "errors";
    leakage.bits_set = {1};
    leakage.bits_clear = {0};
    profile.faults = {{{leakage}, FaultCode::GroundFailure, "leakage", "errors"}};
    put("state", {5});
    put("errors", {6});
    EXPECT_EQ(judge(at(11s)).fault, (Fault{FaultCode::GroundFailure, "6", "leakage"}));
    put("errors", {7});
    EXPECT_FALSE(judge(at(11s)).fault);
}

TEST_F(ProfileState, AsksEveryOperatorOfACondition) {
    config::Condition between;
    between.reg = "i1";
    between.at_least = 6;
    between.below = 16;
    between.not_equals = {10};
    const auto with = [&](std::uint16_t word) {
        put("i1", {word});
        return holds(between, values);
    };
    EXPECT_TRUE(with(60));
    EXPECT_FALSE(with(59));
    EXPECT_FALSE(with(160));
    EXPECT_FALSE(with(100));
    between.reg = "no such register";
    EXPECT_FALSE(with(60));
}

TEST_F(ProfileState, HoldsNoConditionOnAValueThatIsNotAvailable) {
    profile.registers.at("i1").absent = {0xFFFF};
    config::Condition not_zero;
    not_zero.reg = "i1";
    not_zero.not_equals = {0};
    put("i1", {0xFFFF});
    EXPECT_FALSE(holds(not_zero, values));
}

TEST_F(ProfileState, ComparesTexts) {
    auto mode = test::reg("mode", Table::holding, 1201, PollClass::fast);
    mode.type = config::ValueType::ascii;
    test::add(profile, mode);
    config::Condition charging;
    charging.reg = "mode";
    charging.equals_text = {"C2", "D2"};
    put("mode", {0x4332});
    EXPECT_TRUE(holds(charging, values));
    put("mode", {0x4232});
    EXPECT_FALSE(holds(charging, values));
}

TEST_F(ProfileState, MeasuresWithTheTimeOfEachRegister) {
    put("i1", {61}, at(10s));
    put("energy", {0x0001, 0x0002}, at(3s));
    Reading reading;
    take_measurements(reading, profile.measurements, values);
    EXPECT_NEAR(reading.current[0]->value.value(), 6.1, 1e-9);
    EXPECT_EQ(reading.current[0]->taken_at, at(10s));
    EXPECT_FALSE(reading.current[1]);
    EXPECT_EQ(reading.energy_import->value, WattHours(65538));
    EXPECT_EQ(reading.energy_import->taken_at, at(3s));
}

TEST_F(ProfileState, CutsACardIdToTheLengthOfACard) {
    auto card = test::reg("card", Table::input, 2002, PollClass::fast);
    card.type = config::ValueType::hex;
    card.count = 6;
    test::add(profile, card);
    profile.measurements.id_tag = {"card"};
    const auto tag = [&](Words words) {
        put("card", std::move(words));
        Reading reading;
        take_measurements(reading, profile.measurements, values);
        return reading.id_tag.value_or("none");
    };
    EXPECT_EQ(tag({0x0412, 0x3456, 0, 0, 0, 0}), "04123456");
    EXPECT_EQ(tag({0x0412, 0x3400, 0, 0, 0, 0}), "04123400");
    EXPECT_EQ(tag({0x0412, 0x3456, 0x789A, 0xBC00, 0, 0}), "04123456789ABC");
    EXPECT_EQ(tag({0, 0, 0, 0, 0, 0}), "none");
}

TEST_F(ProfileState, SaysWhoItIs) {
    put("layout", {0x0108});
    EXPECT_EQ(identify(profile, values), (DeviceIdentity{"", "264", "", ""}));
    EXPECT_EQ(identify(test::meter(), values).meter_type, "Meter");
}

TEST(MergeMeter, LetsTheMetersValuesWin) {
    Reading charger;
    charger.state = CpState::C2;
    charger.taken_at = at(20s);
    charger.power = Measured<Watts>{Watts(1000), at(20s)};
    charger.current[0] = Measured<Amperes>{Amperes(5), at(20s)};
    Reading meter;
    meter.power = Measured<Watts>{Watts(1100), at(19s)};
    meter.energy_import = Measured<WattHours>{WattHours(7), at(19s)};
    const auto merged = merge_meter(charger, meter);
    EXPECT_EQ(merged.state, CpState::C2);
    EXPECT_EQ(merged.taken_at, at(20s));
    EXPECT_EQ(merged.power->value, Watts(1100));
    EXPECT_EQ(merged.energy_import->taken_at, at(19s));
    EXPECT_EQ(merged.current[0]->value, Amperes(5));
    const DeviceIdentity both =
        merge_meter(DeviceIdentity{"S", "F", "", ""}, DeviceIdentity{"", "", "M", "T"});
    EXPECT_EQ(both, (DeviceIdentity{"S", "F", "M", "T"}));
}

}  // namespace
}  // namespace busbar::adapters

// SPDX-License-Identifier: Apache-2.0
// Types, conversions and restrictions beyond plain numbers: texts of digits, duty cycles, exponents, masks.
#include <gtest/gtest.h>

#include "adapters/pilot_current.hpp"
#include "adapters/register_codec.hpp"
#include "profiles.hpp"

namespace busbar::adapters {
namespace {

using config::PollClass;
using config::Register;
using config::Table;
using config::ValueType;

Register of_type(ValueType type, int count = 1) {
    auto made = test::reg("r", Table::holding, 0, PollClass::fast);
    made.type = type;
    made.count = count;
    return made;
}

Register duty() {
    auto made = of_type(ValueType::u16);
    made.scale = 0.1;
    made.conversion = config::Conversion::duty_cycle;
    return made;
}

Words down(const Register& reg, double value, double exponent = 0) {
    const auto words = encode(reg, value, Rounding::down, exponent);
    EXPECT_TRUE(words) << words.error().detail;
    return words ? *words : Words{};
}

TEST(RegisterTypes, ReadsBinaryCodedDigitsAsAText) {
    EXPECT_EQ(decode(of_type(ValueType::bcd, 3), Words{0x0123, 0x4567, 0x8900}).text, "012345678900");
    EXPECT_EQ(decode(of_type(ValueType::bcd, 2), Words{0x1234, 0xFFFF}).text, "1234") << "padding";
    EXPECT_FALSE(decode(of_type(ValueType::bcd, 1), Words{0xFFFF}).text);
    EXPECT_FALSE(decode(of_type(ValueType::bcd, 1), Words{0x1234}).number);
    auto swapped = of_type(ValueType::bcd, 1);
    swapped.byte_swap = true;
    EXPECT_EQ(decode(swapped, Words{0x3412}).text, "1234");
}

TEST(RegisterTypes, ReadsAVersionAsItsBytesWithDots) {
    EXPECT_EQ(decode(of_type(ValueType::version, 2), Words{0x0001, 0x0605}).text, "1.6.5");
    EXPECT_EQ(decode(of_type(ValueType::version, 2), Words{0x0001, 0x0000}).text, "1.0.0");
    EXPECT_EQ(decode(of_type(ValueType::version, 1), Words{0x0A14}).text, "10.20");
    EXPECT_FALSE(decode(of_type(ValueType::version, 2), Words{0, 0}).text);
}

TEST(PilotCurrent, FollowsTheTwoLinesOfTheStandard) {
    EXPECT_NEAR(current_of_duty(10), 6, 1e-9);
    EXPECT_NEAR(current_of_duty(53.3), 31.98, 1e-9);
    EXPECT_NEAR(current_of_duty(85), 51, 1e-9);
    EXPECT_NEAR(current_of_duty(90), 65, 1e-9);
    EXPECT_NEAR(current_of_duty(96), 80, 1e-9);
    for (const double none : {0.0, 5.0, 9.9, 96.1, 100.0, -1.0}) EXPECT_EQ(current_of_duty(none), 0) << none;
}

TEST(PilotCurrent, NeverGrantsMoreThanAsked) {
    for (double amperes = 0; amperes <= 80; amperes += 0.1) {
        const auto percent = duty_of_current(amperes);
        ASSERT_TRUE(percent);
        EXPECT_LE(current_of_duty(*percent), amperes + 1e-6);
        EXPECT_GE(current_of_duty(*percent), amperes < 6 ? 0 : amperes - 1.5 - 1e-6) << amperes;
    }
    EXPECT_FALSE(duty_of_current(80.1));
    EXPECT_FALSE(duty_of_current(-1));
}

TEST(RegisterTypes, WritesACurrentAsADutyCycleRoundedDown) {
    EXPECT_EQ(down(duty(), 0), Words{1000}) << "100 %: no current";
    EXPECT_EQ(down(duty(), 6), Words{100});
    EXPECT_EQ(down(duty(), 10), Words{166});
    EXPECT_EQ(down(duty(), 16), Words{266});
    EXPECT_EQ(down(duty(), 32), Words{533});
    EXPECT_EQ(down(duty(), 51), Words{850});
    EXPECT_EQ(down(duty(), 63), Words{892});
    EXPECT_EQ(down(duty(), 80), Words{960});
    EXPECT_FALSE(encode(duty(), 81, Rounding::down));
}

TEST(RegisterTypes, ReadsADutyCycleAsACurrent) {
    EXPECT_NEAR(*decode(duty(), Words{166}).number, 9.96, 1e-9);
    EXPECT_NEAR(*decode(duty(), Words{892}).number, 63, 1e-9);
    EXPECT_EQ(decode(duty(), Words{1000}).number, 0.0);
}

TEST(RegisterTypes, MultipliesWithTheTenthPowerThatAnotherRegisterSays) {
    const auto power = of_type(ValueType::i16);
    EXPECT_NEAR(*decode(power, Words{123}, 2).number, 12300, 1e-6);
    EXPECT_NEAR(*decode(power, Words{0xFF85}, -1).number, -12.3, 1e-9);
    EXPECT_FALSE(decode(power, Words{123}, std::nullopt).number) << "not known yet";
    EXPECT_EQ(down(power, 12399, 2), Words{123});
    EXPECT_FALSE(encode(power, 1, Rounding::down, std::nullopt));
}

TEST(RegisterTypes, PutsAMaskedValueIntoItsBitsAndNoOthers) {
    auto current = of_type(ValueType::u16);
    current.mask = 0x7F00;
    EXPECT_EQ(down(current, 16), Words{0x1000});
    EXPECT_EQ(own_bits(current), Words{0x7F00});
    EXPECT_FALSE(encode(current, 128, Rounding::nearest)) << "seven bits";
    EXPECT_EQ(decode(current, Words{0x9042}).number, 16.0);
    EXPECT_EQ(own_bits(of_type(ValueType::u8_high)), Words{0xFF00});
    EXPECT_EQ(own_bits(of_type(ValueType::u8_low)), Words{0x00FF});
    EXPECT_EQ(own_bits(of_type(ValueType::f32, 2)), (Words{0xFFFF, 0xFFFF}));
}

TEST(RegisterTypes, WritesAnOffsetBitForThreePhases) {
    auto limit = of_type(ValueType::u16);
    limit.scale = 0.001;
    limit.offset = -32.768;
    EXPECT_EQ(down(limit, 16), Words{0x8000 | 16000});
    EXPECT_EQ(down(limit, 0), Words{0x8000});
    EXPECT_NEAR(*decode(limit, Words{0x8000 | 16000}).number, 16, 1e-9);
}

TEST(RegisterTypes, WritesOnlyWhatIsAllowed) {
    auto limit = of_type(ValueType::u16);
    limit.allowed = {0, 10, 16, 32};
    EXPECT_EQ(down(limit, 15.9), Words{10});
    EXPECT_EQ(down(limit, 16), Words{16});
    EXPECT_EQ(down(limit, 40), Words{32});
    EXPECT_FALSE(encode(limit, 15.9, Rounding::nearest));
    EXPECT_TRUE(encode(limit, 10, Rounding::nearest));
    limit.allowed = {10};
    EXPECT_FALSE(encode(limit, 9, Rounding::down));
}

}  // namespace
}  // namespace busbar::adapters
